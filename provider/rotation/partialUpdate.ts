import { currentKeyName, sameVersion } from "./decision";
import type {
  KeyName,
  KeyVaultSecret,
  KeyVerification,
  RotationInputs,
  RotationOutputs,
  VerifyKey,
} from "./properties";

/*
 * "Done" is what the old outputs say, "wanted" what the new inputs say. The engine keeps the old
 * inputs with new outputs when an update has failed half-way, so the two can differ in ways that
 * no finished update leaves behind.
 */

/** Whether an update has anything to do in Azure: a key to regenerate, to read again, or to try. */
export function needsAzure(done: RotationOutputs, wanted: RotationInputs): boolean {
  return (
    needsRotation(done, wanted) ||
    needsFinishing(done, wanted) ||
    keyStillToRevoke(done, wanted) !== undefined
  );
}

/**
 * Whether wanted inputs ask for keys that the done outputs do not have yet. With equal generations
 * that is so after a half-failed rotation only: the trigger, or the key it asks for, has changed
 * since then.
 */
export function needsRotation(done: RotationOutputs, wanted: RotationInputs): boolean {
  if (wanted.keyToRotate === "None" || wanted.generation < done.generation) return false;
  return (
    wanted.generation > done.generation ||
    wanted.keyToRotate !== done.keyToRotate ||
    !sameVersion(wanted.version, done.version)
  );
}

/**
 * The previous key, where wanted inputs have it regenerated and the done outputs do not say that it
 * was. A later rotation, half-way though it may be, has regenerated it already.
 */
export function keyStillToRevoke(
  done: RotationOutputs,
  { keyToRevoke, generation }: RotationInputs,
): KeyName | undefined {
  return keyToRevoke !== done.keyToRevoke && generation === done.generation
    ? keyToRevoke
    : undefined;
}

/** Whether an update without a rotation still has a key to read again and to try. */
export function needsFinishing(done: RotationOutputs, wanted: RotationInputs): boolean {
  return (
    isUnfinished(done) ||
    // Decided anew since: the engine has kept the inputs from before a half-failed rotation.
    done.rotationDecidedAt !== wanted.rotationDecidedAt ||
    (wanted.keyToRotate !== "None" && !isAcceptable(done.keyVerification, wanted.verifyKey)) ||
    !isSameSecret(done.keyVaultSecret, wanted.keyVaultSecret)
  );
}

/** Whether the outputs are those of a rotation that has not been finished. */
export function isUnfinished(done: RotationOutputs): boolean {
  return (
    done.currentKeyName !== currentKeyName(done) ||
    (done.keyToRotate !== "None" && !isAcceptable(done.keyVerification, done.verifyKey)) ||
    (done.keyVaultSecret !== undefined && done.secretVersion === undefined)
  );
}

/** Whether the current key goes to the same place. */
export function isSameSecret(
  one: KeyVaultSecret | undefined,
  another: KeyVaultSecret | undefined,
): boolean {
  return one?.vaultUri === another?.vaultUri && one?.name === another?.name;
}

/** Whether what trying the new key came to is enough to hand the key out. */
export function isAcceptable(verification: KeyVerification, verifyKey: VerifyKey): boolean {
  switch (verifyKey) {
    case "None":
      return true;
    case "BestEffort":
      return verification === "Verified" || verification === "Unreachable";
    case "Required":
      return verification === "Verified";
  }
}
