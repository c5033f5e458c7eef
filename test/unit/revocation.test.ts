import fc from "fast-check";
import { checkInputs } from "../../provider/rotation/check";
import { currentKeyName, other } from "../../provider/rotation/decision";
import { after } from "../../provider/rotation/duration";
import type { RotationInputs } from "../../provider/rotation/properties";
import { NO_SUBSCRIPTION } from "../../provider/rotation/validation";
import { inState } from "../support/arbitraries";
import { ACCOUNT_ID, DECIDED_AT, rotationInputs } from "../support/rotationInputs";

/* revokePreviousAfter: when the key that a rotation left behind is regenerated, too. */

const REVOKING = { accountId: ACCOUNT_ID, version: 1, revokePreviousAfter: "P7D" };

function check(old: RotationInputs, given: Record<string, unknown>, daysLater: number) {
  const now = after(DECIDED_AT, `P${String(daysLater)}D`);
  return checkInputs(old, given, NO_SUBSCRIPTION, now);
}

const rotated = () => rotationInputs({ generation: 3, keyToRotate: "Secondary" });

test("the previous key is revoked at the first check after its time, without a rotation", () => {
  expect(check(rotated(), REVOKING, 6).inputs).not.toHaveProperty("keyToRevoke");
  expect(check(rotated(), REVOKING, 7).inputs).toMatchObject({
    keyToRevoke: "Primary",
    keyToRotate: "Secondary",
    generation: 3,
    rotationDecidedAt: DECIDED_AT,
  });
});

test("what was revoked stays so, whatever else is edited", () => {
  const old = rotationInputs({ generation: 3, keyToRotate: "Secondary", keyToRevoke: "Primary" });
  for (const given of [REVOKING, { accountId: ACCOUNT_ID, version: 1, verifyKey: "None" }]) {
    expect(check(old, given, 50).inputs).toMatchObject({ keyToRevoke: "Primary", generation: 3 });
  }
});

test("a rotation that is due at the same time is the one that happens", () => {
  const bumped = check(rotated(), { ...REVOKING, version: 2 }, 8).inputs;
  const scheduled = check(rotated(), { ...REVOKING, rotateAfter: "P30D" }, 31).inputs;
  for (const inputs of [bumped, scheduled]) {
    expect(inputs).toMatchObject({ generation: 4, keyToRotate: "Primary" });
    expect(inputs).not.toHaveProperty("keyToRevoke");
  }
});

test("a rotation after a revocation regenerates the revoked key again, and leaves the current one", () => {
  const old = rotationInputs({ generation: 3, keyToRotate: "Secondary", keyToRevoke: "Primary" });
  const { inputs } = check(old, { ...REVOKING, version: 2 }, 8);
  expect(inputs).toMatchObject({ keyToRotate: "Primary", generation: 4 });
  expect(inputs).not.toHaveProperty("keyToRevoke");
});

test.each(["None", "Both"] as const)(
  "%s leaves no previous key behind that could be revoked",
  (keyToRotate) => {
    const generation = keyToRotate === "None" ? 0 : 3;
    const { inputs } = check(rotationInputs({ generation, keyToRotate }), REVOKING, 50);
    expect(inputs).not.toHaveProperty("keyToRevoke");
  },
);

test("the key that consumers hold is never the one that is revoked", () => {
  fc.assert(
    fc.property(inState, fc.integer({ min: 0, max: 400 }), (old, days) => {
      const { inputs } = check(old, { ...REVOKING, version: old.version }, days);
      const { keyToRevoke } = inputs as Partial<RotationInputs>;
      if (keyToRevoke === undefined) return;
      expect(keyToRevoke).toBe(other(currentKeyName(inputs as unknown as RotationInputs)));
    }),
  );
});

describe("what cannot be had is refused on revokePreviousAfter", () => {
  test.each([
    ["with another rotate", { rotate: "Both" }, 'needs rotate "Alternate"'],
    ["with another rotate", { rotate: "Primary" }, 'needs rotate "Alternate"'],
    ["shorter than minimumOverlap", { minimumOverlap: "P8D" }, "is shorter than minimumOverlap"],
    ["as long as rotateAfter", { rotateAfter: "P7D" }, "is not shorter than rotateAfter"],
    ["longer than rotateAfter", { rotateAfter: "P1D" }, "is not shorter than rotateAfter"],
    ["no duration", { revokePreviousAfter: "7 days" }, "is not an ISO 8601 duration"],
  ])("%s: %o", (_, given, reason) => {
    expect(check(rotated(), { ...REVOKING, ...given }, 1).failures).toEqual([
      { property: "revokePreviousAfter", reason: expect.stringContaining(reason) as string },
    ]);
  });

  test("as long as minimumOverlap is as short as it may be", () => {
    const given = { ...REVOKING, minimumOverlap: "P7D", rotateAfter: "P8D" };
    expect(check(rotated(), given, 1).failures).toEqual([]);
  });
});
