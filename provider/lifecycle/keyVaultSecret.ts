import type { KeyVaultSecret, SecretVersion } from "../azure/keyVault/keyVault";
import { redact } from "../azure/redact";
import { currentKeyName, nextRotationAt } from "../rotation/decision";
import { type AccountKeys, fingerprint } from "../rotation/outputs";
import type { KeyName, RotationInputs } from "../rotation/properties";
import {
  isOfAccount,
  isOfDecision,
  SECRET_CONTENT_TYPE,
  secretTags,
  whyNotOfAccount,
} from "../rotation/secretRecord";
import type { AccountCall } from "./dependencies";

/**
 * The newest version of a secret that a call's keys go to, or have gone to; undefined where there is no secret yet,
 * or none is asked for. A deleted one is recovered: applications may hold its key.
 * @throws AzureError, and Error for a secret that is not this account's.
 */
export async function readRecord(
  { accountIds }: AccountCall,
  secret: KeyVaultSecret,
): Promise<SecretVersion | undefined> {
  let newest = await secret.newest();
  if (newest === "Deleted") {
    await secret.recover();
    newest = await secret.newest();
  }
  if (newest === undefined || newest === "Deleted") return undefined;
  requireOwn(secret, newest, accountIds);
  return newest;
}

function requireOwn(
  { uri }: KeyVaultSecret,
  { tags }: SecretVersion,
  accountIds: readonly string[],
): void {
  const why = whyNotOfAccount(tags, accountIds);
  if (why === undefined) return;
  throw new Error(
    `secret ${uri} does not belong to this account (${redact(why)}): nothing was changed, and the secret was not overwritten. Next: choose another name in keyVaultSecret, or, if nothing reads that secret, delete and purge it`,
  );
}

/**
 * Writes the current key, unless the newest version has it already: an update may have been killed
 * after its write. The write is what hands the key out.
 * @param newest the secret's newest version, as it was read before.
 * @returns the version that holds it.
 * @throws AzureError, Error
 */
export async function writeSecret(
  secret: KeyVaultSecret,
  newest: SecretVersion | undefined,
  inputs: RotationInputs,
  keys: AccountKeys,
): Promise<string> {
  const value = keys[currentKeyName(inputs)];
  const isWritten =
    newest?.enabled === true &&
    newest.valueFingerprint === fingerprint(value) &&
    isOfDecision(newest.tags, inputs);
  if (isWritten) return newest.version;
  const next = nextRotationAt(inputs.rotationDecidedAt, inputs);
  return secret.write({
    value,
    contentType: SECRET_CONTENT_TYPE,
    tags: secretTags(inputs, next?.toISOString()),
    expiresOn: next,
  });
}

/** Disables the versions that hold a key which is about to die, but for the newest. */
export async function disableVersionsOf(
  { secret, accountIds }: AccountCall,
  keyName: KeyName,
): Promise<void> {
  const [, ...older] = (await secret?.versions()) ?? [];
  for (const { version, enabled, tags } of older) {
    const holdsIt = tags["CredentialId"] === keyName && isOfAccount(tags, accountIds);
    if (enabled && holdsIt) await secret?.disable(version);
  }
}

/** Disables the newest version, whose key was revoked; one that is somebody else's is left alone. */
export async function disableNewest({ secret, accountIds }: AccountCall): Promise<void> {
  const newest = await secret?.newest();
  if (newest === undefined || newest === "Deleted" || !newest.enabled) return;
  if (isOfAccount(newest.tags, accountIds)) await secret?.disable(newest.version);
}
