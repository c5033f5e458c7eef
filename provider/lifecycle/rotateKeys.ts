import { type AccountFacts, listKeys } from "../azure/arm/batchAccounts";
import type { SecretVersion } from "../azure/keyVault/keyVault";
import { redact } from "../azure/redact";
import { currentKeyName, KEYS_BY_RANK, keysToRegenerate, other } from "../rotation/decision";
import {
  type AccountKeys,
  changedKeys,
  fingerprint,
  type Fingerprints,
  fingerprintsInState,
  type KeysRead,
  keysRead,
} from "../rotation/outputs";
import { isSameSecret } from "../rotation/partialUpdate";
import type { KeyName, RotationInputs, RotationOutputs } from "../rotation/properties";
import { isInUse, requireNotInUse } from "../rotation/secretRecord";
import type { AccountCall, Dependencies } from "./dependencies";
import { disableNewest, disableVersionsOf, readRecord, writeSecret } from "./keyVaultSecret";
import type { Rotation } from "./progress";
import { regenerate, UnsettledKeys } from "./regenerate";
import { type Verification, verifyNewKey } from "./verify";

/**
 * Regenerates the keys that the inputs name, but for those that were, tries the new current key and
 * hands it out.
 * @param done what is in state; undefined for an account that is new to this resource.
 * @throws AzureError, and whatever else goes wrong; once a key has changed, `progress.lastTry` has the
 *   keys.
 */
export async function rotateKeys(
  call: AccountCall,
  account: AccountFacts,
  inputs: RotationInputs,
  done: RotationOutputs | undefined,
): Promise<Rotation> {
  const { azure, id, progress, dependencies } = call;
  const record = call.secret && (await readRecord(call, call.secret));
  const former = call.formerSecret && (await readRecord(call, call.formerSecret));
  for (const each of progress.regenerated.size === 0 ? [record, former] : []) {
    const isKept = each !== undefined && isInUse(each.tags, inputs, done === undefined);
    if (isKept && (await isStillWritten(call, each, currentKeyName(inputs)))) {
      return finishRotation(call, account, inputs, done);
    }
  }
  const known = done && fingerprintsInState(done);
  const names = keysToRegenerate(inputs).filter((name) => !progress.regenerated.has(name));
  let seen = names.length === 0 ? undefined : progress.keys;
  const rotation = (found: KeysRead, handedOut: HandedOut, regenerated = true): Rotation => ({
    findings: {
      keys: found.keys,
      fingerprints: found.fingerprints,
      accountEndpoint: account.accountEndpoint,
      keyVerification: handedOut.keyVerification,
      rotatedAt: progress.rotatedAt ?? dependencies.now().toISOString(),
      secretVersion: handedOut.secretVersion,
    },
    regenerated,
    trouble: handedOut.trouble,
  });
  for (const name of names) {
    const before = seen?.fingerprints;
    try {
      // The keys in state can be stale. Where a key is to go whatever it is, after a leak perhaps,
      // its being another one than in state does not prove that a lost request was executed.
      const inState = inputs.rotate === "Alternate" ? known : undefined;
      seen = await regenerate(call, name, (before ?? inState)?.[name]);
    } catch (error) {
      if (!(error instanceof UnsettledKeys)) throw error;
      const { keys, regenerated, message } = error;
      const untried = { ...UNTRIED, trouble: message };
      return rotation(keysRead(keys), untried, regenerated && name === names.at(-1));
    }
    progress.lastTry = rotation(seen, UNTRIED, name === names.at(-1));
    warnOfOutOfBandChange(account, other(name), before ?? known, seen, dependencies);
  }
  // A retry that regenerates nothing itself: what was seen before it is out of date, perhaps.
  seen ??= keysRead(await listKeys(azure.resourceManager, id));
  return rotation(seen, await handOut(call, account, inputs, seen.keys, record));
}

/**
 * Whether a key is, as far as can be told, what the secret holds: a value that is another one has
 * stopped working, and need not be kept.
 */
async function isStillWritten(
  { azure, id }: AccountCall,
  { valueFingerprint }: SecretVersion,
  keyName: KeyName,
): Promise<boolean> {
  const keys = await listKeys(azure.resourceManager, id);
  return valueFingerprint === undefined || valueFingerprint === fingerprint(keys[keyName]);
}

/**
 * Reads the keys again and, if the inputs rotated one, tries it and hands it out: what an unfinished
 * rotation lacks, and all that one does which was adopted, has moved, or gives its key elsewhere.
 * @param done what is in state; undefined for an account that is new to this resource.
 */
export async function finishRotation(
  call: AccountCall,
  account: AccountFacts,
  inputs: RotationInputs,
  done: RotationOutputs | undefined,
): Promise<Rotation> {
  const record = call.secret && (await readRecord(call, call.secret));
  if (record !== undefined && done === undefined) isInUse(record.tags, inputs, true);
  const keys = await listKeys(call.azure.resourceManager, call.id);
  if (done?.keyVerification === "Rejected" && changedKeys(done, keys).length === 0) {
    call.progress.rejected = fingerprint(keys[currentKeyName(inputs)]);
  }
  const handedOut = await handOut(call, account, inputs, keys, record);
  return {
    findings: {
      ...keysRead(keys),
      accountEndpoint: account.accountEndpoint,
      keyVerification: handedOut.keyVerification,
      rotatedAt: done?.rotatedAt,
      previousKeyRevokedAt: done?.previousKeyRevokedAt,
      secretVersion: handedOut.secretVersion,
    },
    // What did not get to its new place stays in its old one.
    regenerated: done === undefined || isSameSecret(done.keyVaultSecret, inputs.keyVaultSecret),
    trouble: handedOut.trouble,
  };
}

interface HandedOut extends Verification {
  readonly secretVersion?: string;
}

const UNTRIED: HandedOut = { keyVerification: "Skipped", trouble: undefined };

/** Tries the new key and, where it is good, writes it to its secret, if it has one. */
async function handOut(
  call: AccountCall,
  account: AccountFacts,
  inputs: RotationInputs,
  keys: AccountKeys,
  record: SecretVersion | undefined,
): Promise<HandedOut> {
  const verification = await verifyNewKey(call, account, inputs, keys);
  if (verification.trouble !== undefined || call.secret === undefined) return verification;
  try {
    const secretVersion = await writeSecret(call.secret, record, inputs, keys);
    return { ...verification, secretVersion };
  } catch (error) {
    return { ...verification, trouble: reasonOf(error) };
  }
}

/**
 * Regenerates the key that the last rotation left behind. The current key stays as it is.
 * @param rotation how far the update has come before.
 * @throws AzureError as long as the key has not changed.
 */
export async function revokePreviousKey(
  call: AccountCall,
  account: AccountFacts,
  keyToRevoke: KeyName,
  done: RotationOutputs,
  rotation: Rotation,
): Promise<Rotation> {
  const known = fingerprintsInState(done);
  const { findings } = rotation;
  const record = call.secret && (await readRecord(call, call.secret));
  if (record !== undefined) requireNotInUse(record.tags, keyToRevoke);
  await disableVersionsOf(call, keyToRevoke);
  try {
    // Whatever it is by now, it is to go: its being another one than in state proves nothing.
    const seen = await regenerate(call, keyToRevoke, undefined);
    const current = other(keyToRevoke);
    warnOfOutOfBandChange(account, current, known, seen, call.dependencies);
    const isCurrentKnown = known[current] === seen.fingerprints[current];
    return {
      ...rotation,
      findings: {
        ...findings,
        ...seen,
        // A current key that somebody else has changed was not tried.
        keyVerification: isCurrentKnown ? findings.keyVerification : "Skipped",
        previousKeyRevokedAt: call.progress.rotatedAt,
      },
    };
  } catch (error) {
    if (!(error instanceof UnsettledKeys)) throw error;
    const { keys, message } = error;
    return { findings: { ...findings, ...keysRead(keys) }, regenerated: false, trouble: message };
  }
}

/** Regenerates both keys, so that nothing handed out works any more. */
export async function revokeKeys(call: AccountCall): Promise<void> {
  const { progress } = call;
  for (const name of KEYS_BY_RANK) {
    if (progress.regenerated.has(name)) continue;
    await regenerate(call, name, progress.keys?.fingerprints[name]);
  }
  await disableNewest(call);
}

function warnOfOutOfBandChange(
  { accountName }: AccountFacts,
  keyName: KeyName,
  known: Fingerprints | undefined,
  { fingerprints: { [keyName]: now } }: KeysRead,
  { log }: Dependencies,
): void {
  if (known === undefined || known[keyName] === now) return;
  log(
    `warning: the ${keyName} key of Batch account "${accountName}" was changed outside this stack since the last update: its fingerprint was ${known[keyName]} and is ${now}`,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : redact(String(error));
}
