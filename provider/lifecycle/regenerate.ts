import { listKeys, regenerateKey } from "../azure/arm/batchAccounts";
import { AzureError, NotSentError } from "../azure/errors";
import { type AccountKeys, fingerprint, type KeysRead, keysRead } from "../rotation/outputs";
import type { KeyName } from "../rotation/properties";
import type { AccountCall } from "./dependencies";

/**
 * How long a request whose answer was lost is given to be executed after all, in milliseconds; what
 * the key is after that, it stays.
 */
const SETTLING_TIME = 30_000;

/**
 * The keys were read, or answered, after a request for one of them was lost, and then something
 * failed: they may be newer than those in state, and older than those of a request under way.
 */
export class UnsettledKeys extends Error {
  /** @param regenerated whether an answer says that the key was regenerated. */
  constructor(
    readonly keys: AccountKeys,
    readonly regenerated: boolean,
    reason: string,
  ) {
    super(reason);
  }
}

/**
 * Regenerates one key, once. An answer that was lost is settled by reading: a request sent blindly
 * a second time could be overtaken by the first and leave a key in state that no longer works.
 * @param known the fingerprint of the key's last known value; undefined before the first rotation.
 * @throws AzureError; the key may have been regenerated if its outcome is "unknown".
 * @throws UnsettledKeys
 */
export async function regenerate(
  call: AccountCall,
  keyName: KeyName,
  known: string | undefined,
): Promise<KeysRead> {
  const { progress, dependencies } = call;
  const lost = progress.unsettled?.keyName === keyName ? progress.unsettled : undefined;
  const before = lost === undefined ? known : lost.before;
  const seen =
    (lost === undefined ? await send(call, keyName, before) : undefined) ??
    keysRead(await settle(call, keyName, before));
  delete progress.unsettled;
  progress.regenerated.add(keyName);
  progress.keys = seen;
  progress.rotatedAt = dependencies.now().toISOString();
  return seen;
}

/** Sends the request; undefined when no usable answer came back. */
async function send(
  { azure, id, progress }: AccountCall,
  keyName: KeyName,
  before: string | undefined,
): Promise<KeysRead | undefined> {
  progress.unsettled = { keyName, before };
  try {
    const seen = keysRead(await regenerateKey(azure.resourceManager, id, keyName));
    // The value from before is an old answer, out of a cache perhaps: as good as none.
    return seen.fingerprints[keyName] === before ? undefined : seen;
  } catch (error) {
    if (isLost(error)) return undefined;
    delete progress.unsettled;
    throw error;
  }
}

/** Finds out by reading whether a request was executed; sends it once more if it was not. */
async function settle(
  call: AccountCall,
  keyName: KeyName,
  before: string | undefined,
): Promise<AccountKeys> {
  const { id, progress, dependencies } = call;
  dependencies.log(
    `Azure gave no usable answer to the request to regenerate the ${keyName} key of Batch account "${id.accountName}", and may still execute it: reading the keys in ${String(SETTLING_TIME / 1_000)} seconds. Please do not interrupt`,
  );
  const [settled, isFinal] = await readSettledKeys(call);
  const asItWas = fingerprint(settled[keyName]);
  if (before !== undefined && asItWas !== before) return settled;
  if (!isFinal) throw interrupted(call, keyName);
  progress.unsettled = { keyName, before: asItWas };
  let answered: AccountKeys | undefined;
  let trouble: AzureError | undefined;
  let final: AccountKeys;
  try {
    [answered, trouble] = await regenerateAgain(call, keyName);
    // Slower still, the first request may have been executed after the second.
    let isFinal: boolean;
    [final, isFinal] = await readSettledKeys(call);
    if (!isFinal) throw interrupted(call, keyName);
  } catch (error) {
    // Where the key's last value is known, what was read is what is in state already.
    const found = answered ?? (before === undefined ? settled : undefined);
    const isOfCall = error instanceof AzureError || error instanceof NotSentError;
    if (found === undefined || !isOfCall) throw error;
    throw new UnsettledKeys(found, answered !== undefined, error.message);
  }
  if (final[keyName] !== settled[keyName]) return final;
  delete progress.unsettled;
  throw new AzureError(
    `two requests got no usable answer and changed nothing: ${trouble?.message ?? `the ${keyName} key of Batch account "${id.accountName}" is as it was. Next: run "pulumi up" again`}`,
    "refused",
  );
}

/** The answer, or why there is none. */
async function regenerateAgain(
  { azure, id }: AccountCall,
  keyName: KeyName,
): Promise<[AccountKeys, undefined] | [undefined, AzureError]> {
  try {
    return [await regenerateKey(azure.resourceManager, id, keyName), undefined];
  } catch (error) {
    if (!isLost(error)) throw error;
    return [undefined, error];
  }
}

function isLost(error: unknown): error is AzureError {
  return error instanceof AzureError && error.outcome === "unknown";
}

/** The keys, and whether no request for them can be under way any more. */
async function readSettledKeys({
  azure,
  id,
  dependencies,
}: AccountCall): Promise<[AccountKeys, boolean]> {
  const isFinal = await dependencies.sleep(SETTLING_TIME);
  return [await listKeys(azure.resourceManager, id), isFinal];
}

function interrupted({ id }: AccountCall, keyName: KeyName): AzureError {
  return new AzureError(
    `the update was interrupted before it was known whether Azure regenerates the ${keyName} key of Batch account "${id.accountName}". Next: wait ${String(SETTLING_TIME / 1_000)} seconds, then run "pulumi up" again`,
    "unknown",
  );
}
