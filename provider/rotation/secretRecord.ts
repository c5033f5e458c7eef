import { currentKeyName } from "./decision";
import { fingerprint } from "./outputs";
import { type KeyName, type RotationInputs, VALUES } from "./properties";

/*
 * The Key Vault secret is the record of which key applications hold: the tags of its newest version
 * say so, whatever a stack's state may have lost. The first three are those of Azure's tutorial.
 * https://learn.microsoft.com/azure/key-vault/secrets/tutorial-rotation-dual
 */

type Tags = Readonly<Record<string, string>>;

export const SECRET_CONTENT_TYPE = "Azure Batch account key";

/** The tags of the version that holds the current key of a rotation. */
export function secretTags(inputs: RotationInputs, nextRotationAt: string | undefined): Tags {
  return {
    CredentialId: currentKeyName(inputs),
    ProviderAddress: inputs.accountId,
    ...validityPeriodDays(inputs.rotationDecidedAt, nextRotationAt),
    Generation: String(inputs.generation),
    // Which trigger it was of: not in clear, because a program may have made it a secret.
    VersionFingerprint: fingerprint(String(inputs.version)),
  };
}

/** The tag that tells how long the credential is valid, in whole days; none without a schedule. */
export function validityPeriodDays(
  decidedAt: string,
  nextRotationAt: string | undefined,
): { ValidityPeriodDays?: string } {
  if (nextRotationAt === undefined) return {};
  const days = (Date.parse(nextRotationAt) - Date.parse(decidedAt)) / 86_400_000;
  return { ValidityPeriodDays: String(Math.max(1, Math.round(days))) };
}

/** Whether tags are those of the version that inputs would have written. */
export function isOfDecision(tags: Tags, inputs: RotationInputs): boolean {
  const wanted = secretTags(inputs, undefined);
  return ["CredentialId", "Generation", "VersionFingerprint"].every(
    (name) => tags[name] === wanted[name],
  );
}

/** Whether a secret with these tags is the record of one of the accounts. */
export function isOfAccount(tags: Tags, accountIds: readonly string[]): boolean {
  return whyNotOfAccount(tags, accountIds) === undefined;
}

/** Why it is not; undefined if it is. */
export function whyNotOfAccount(
  { ProviderAddress: address, CredentialId: keyName = "" }: Tags,
  accountIds: readonly string[],
): string | undefined {
  if (address === undefined) return "it has no tag ProviderAddress";
  if (!accountIds.some((id) => id.toLowerCase() === address.toLowerCase())) {
    return `its tag ProviderAddress is ${JSON.stringify(address)}`;
  }
  return (VALUES.KeyName as readonly string[]).includes(keyName)
    ? undefined
    : "its tag CredentialId is neither Primary nor Secondary";
}

/**
 * Whether a rotation would regenerate the key that the record says is in use. Then that key may be
 * what these very inputs have made before (their update was killed after its write), and is to be
 * kept; or else somebody else's, and the inputs are out of date.
 * @throws Error for the latter: what to do about it.
 */
export function isInUse(tags: Tags, inputs: RotationInputs, isNew: boolean): boolean {
  const { rotate, keyToRotate, liveKey, rotationReason } = inputs;
  const inUse = tags["CredentialId"] as KeyName;
  if (rotationReason === "Moved") return false;
  if (keyToRotate === "None") {
    if (!isNew || inUse === liveKey) return false;
    throw new Error(
      `the Key Vault secret holds the ${inUse} key, but liveKey is "${liveKey}": nothing was changed. Next: set liveKey to "${inUse}"`,
    );
  }
  if (rotate !== "Alternate" || inUse !== keyToRotate) return false;
  if (isOfDecision(tags, inputs)) return true;
  if (rotationReason === "Created") {
    if (liveKey === DEFAULT_LIVE_KEY) return true;
    throw new Error(
      `the Key Vault secret holds the ${heldKey(tags)}, but liveKey is "${liveKey}": nothing was changed. Next: remove liveKey, or set it to "${inUse}"`,
    );
  }
  throw outOfDate(tags);
}

/** @throws Error where the record says that the key which is to be revoked is in use. */
export function requireNotInUse(tags: Tags, keyToRevoke: KeyName): void {
  if (tags["CredentialId"] === keyToRevoke) throw outOfDate(tags);
}

function outOfDate(tags: Tags): Error {
  return new Error(
    `the Key Vault secret holds the ${heldKey(tags)}, which this stack would regenerate: nothing was changed. Either another stack rotates the account too, or this stack's state is out of date. Next: let only one stack rotate the account; to go on from what the secret holds, take this rotation out of the state ("pulumi state delete") and run "pulumi up"`,
  );
}

function heldKey(tags: Tags): string {
  return `${String(tags["CredentialId"])} key (generation ${tags["Generation"] ?? "unknown"})`;
}

const DEFAULT_LIVE_KEY = "Primary";
