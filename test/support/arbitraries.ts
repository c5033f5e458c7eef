import fc from "fast-check";
import { other } from "../../provider/rotation/decision";
import { rotationInputs } from "./rotationInputs";

/** The latest time of a decision in state. */
const NOW = new Date("2026-02-01T00:00:00.000Z");

const keyName = fc.constantFrom("Primary" as const, "Secondary" as const);
const rotate = fc.constantFrom("Alternate", "Primary", "Secondary", "Both");
export const version = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string().filter((text) => text.trim() !== ""),
);
export const settings = fc.record({
  rotate,
  liveKey: keyName,
  rotateOnCreate: fc.boolean(),
  verifyKey: fc.constantFrom("BestEffort", "Required", "None"),
  revokeOnDelete: fc.boolean(),
  configNamespace: fc.constantFrom("azure-native", "other-tenant"),
});
/** Inputs in state, whatever history led there. */
export const inState = fc
  .record({
    settings,
    version,
    generation: fc.integer({ min: 0, max: 1_000 }),
    keyToRotate: fc.constantFrom(
      "Primary" as const,
      "Secondary" as const,
      "Both" as const,
      "None" as const,
    ),
    rotationReason: fc.constantFrom("Created", "Adopted", "VersionChanged", "Scheduled"),
    isRevoked: fc.boolean(),
    decidedAt: fc.date({ min: new Date(0), max: NOW, noInvalidDate: true }),
  })
  .map(({ settings: given, decidedAt, isRevoked, ...decision }) => ({
    ...rotationInputs(),
    ...given,
    ...decision,
    ...(isRevoked && (decision.keyToRotate === "Primary" || decision.keyToRotate === "Secondary")
      ? { keyToRevoke: other(decision.keyToRotate) }
      : {}),
    rotationDecidedAt: decidedAt.toISOString(),
  }));
