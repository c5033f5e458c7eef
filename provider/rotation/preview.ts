import { currentKeyName, keysToRegenerate } from "./decision";
import { composeOutputs, findingsOf } from "./outputs";
import { keyStillToRevoke, needsFinishing, needsRotation } from "./partialUpdate";
import {
  DECISION_NAMES,
  OUTPUT_NAMES,
  type RotationInputs,
  type RotationOutputs,
  SECRET_OUTPUTS,
} from "./properties";
import { isUnknown, UNKNOWN } from "./unknown";

type Outputs = Readonly<Record<string, unknown>>;

/**
 * What a preview can tell of the outputs; what only the update finds out is UNKNOWN. Exact, so that of
 * the resources which depend on a rotation a preview shows those alone that will change.
 * @param wanted the inputs, as check has returned them.
 * @param done the outputs in state; undefined for a resource that is created.
 */
export function previewOutputs(wanted: RotationInputs, done: RotationOutputs | undefined): Outputs {
  const { rotationDecidedAt, ...others } = wanted;
  if (done === undefined || Object.values(others).some(isUnknown)) return unknownBeside(wanted);
  const isNew = rotationDecidedAt !== done.rotationDecidedAt;
  const decidedAt = isNew ? new Date(0).toISOString() : rotationDecidedAt;
  const outputs = composeOutputs({ ...wanted, rotationDecidedAt: decidedAt }, findingsOf(done));
  const unknown = new Set(isNew ? ["rotationDecidedAt"] : []);
  if (isNew && outputs.nextRotationAt !== undefined) unknown.add("nextRotationAt");
  const rotates = needsRotation(done, wanted);
  const toRevoke = keyStillToRevoke(done, wanted);
  const changing = rotates ? keysToRegenerate(wanted) : toRevoke === undefined ? [] : [toRevoke];
  const hasKeys = wanted.keyVaultSecret === undefined;
  for (const keyName of changing) {
    unknown.add(`${OUTPUT_OF[keyName]}Fingerprint`);
    if (!hasKeys) continue;
    unknown.add(OUTPUT_OF[keyName]);
    unknown.add(keyName === outputs.currentKeyName ? "currentKey" : "previousKey");
  }
  if (rotates) unknown.add("rotatedAt");
  if (rotates || needsFinishing(done, wanted)) {
    unknown.add("keyVerification");
    if (!hasKeys) unknown.add("secretVersion");
  }
  if (toRevoke !== undefined && !rotates) unknown.add("previousKeyRevokedAt");
  // The keys come back from the secret.
  if (hasKeys && outputs.primaryKey === undefined) {
    SECRET_OUTPUTS.forEach((name) => unknown.add(name));
  }
  return Object.assign({}, outputs, allUnknown(unknown));
}

function unknownBeside(wanted: RotationInputs): Outputs {
  const decision = new Set<string>(DECISION_NAMES);
  const keys = new Set<string>(wanted.keyVaultSecret === undefined ? [] : SECRET_OUTPUTS);
  const found = OUTPUT_NAMES.filter((name) => !decision.has(name) && !keys.has(name));
  const decidesKey = ![wanted.keyToRotate, wanted.liveKey].some(isUnknown);
  return {
    ...wanted,
    // An update decides at a time of its own.
    rotationDecidedAt: UNKNOWN,
    ...allUnknown(found),
    ...(decidesKey ? { currentKeyName: currentKeyName(wanted) } : {}),
  };
}

const OUTPUT_OF = { Primary: "primaryKey", Secondary: "secondaryKey" } as const;

function allUnknown(names: Iterable<string>): Outputs {
  return Object.fromEntries([...names].map((name) => [name, UNKNOWN]));
}
