import type { BatchAccountId } from "../azure/batchAccountId";
import { listKeys, regenerateKey, type AccountKeys, type KeyName } from "../azure/batchAccounts";
import { AzureError } from "../azure/errors";
import type { ResourceManager } from "../azure/resourceManager";
import type { World } from "./world";

/** How long a request whose answer was lost is given to be executed after all, in milliseconds. */
const SETTLING_TIME = 5_000;
/** How many reads may disagree before the account is taken to be changed by somebody else. */
const MAXIMUM_READS = 6;

/**
 * Regenerates one key, once. An answer that was lost is settled by reading: a request sent blindly
 * a second time could be overtaken by the first and leave a key in state that no longer works.
 * @param known the key's last known value; undefined before the first rotation.
 * @throws AzureError; the key may have been regenerated if its outcome is "unknown".
 */
export async function regenerate(
  arm: ResourceManager,
  id: BatchAccountId,
  keyName: KeyName,
  known: string | undefined,
  world: World,
): Promise<AccountKeys> {
  try {
    return await regenerateKey(arm, id, keyName);
  } catch (error) {
    if (!isLost(error)) throw error;
    world.tell(`${error.message}. Reading the keys to see whether it was regenerated`);
  }
  const settled = await readSettledKeys(arm, id, world);
  if (known !== undefined && settled[keyName] !== known) return settled;
  const answered = await regenerateAgain(arm, id, keyName);
  // The first request may still have been executed after the second.
  const final = await readSettledKeys(arm, id, world).catch((error: unknown) => {
    if (answered === undefined) throw error;
    return answered;
  });
  if (final[keyName] === settled[keyName]) {
    throw new AzureError(
      `could not regenerate the ${keyName} key of Batch account "${id.accountName}": two requests got no answer and changed nothing. Next: run "pulumi up" again`,
      "refused",
    );
  }
  return final;
}

async function regenerateAgain(
  arm: ResourceManager,
  id: BatchAccountId,
  keyName: KeyName,
): Promise<AccountKeys | undefined> {
  try {
    return await regenerateKey(arm, id, keyName);
  } catch (error) {
    if (!isLost(error)) throw error;
    return undefined;
  }
}

function isLost(error: unknown): error is AzureError {
  return error instanceof AzureError && error.outcome === "unknown";
}

/** The keys once two reads in a row agree. */
async function readSettledKeys(
  arm: ResourceManager,
  id: BatchAccountId,
  world: World,
): Promise<AccountKeys> {
  let last: AccountKeys | undefined;
  for (let read = 0; read < MAXIMUM_READS; read++) {
    await world.sleep(SETTLING_TIME);
    const keys = await listKeys(arm, id);
    if (keys.Primary === last?.Primary && keys.Secondary === last.Secondary) return keys;
    last = keys;
  }
  throw new AzureError(
    `the keys of Batch account "${id.accountName}" keep changing: something else is rotating them. Next: stop it, then run "pulumi up" again`,
    "unknown",
  );
}
