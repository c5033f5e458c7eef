import type { Azure } from "../azure/connect";
import type { BatchAccountId } from "../rotation/batchAccountId";
import { listKeys, type AccountFacts } from "../azure/arm/batchAccounts";
import type { KeyProbe } from "../azure/batch/probeKey";
import { redact } from "../azure/redact";
import { currentKeyName, other } from "../rotation/decision";
import { changedKeys, fingerprint, type AccountKeys } from "../rotation/outputs";
import type {
  KeyName,
  KeyVerification,
  RotationInputs,
  RotationOutputs,
} from "../rotation/properties";
import { isAcceptable } from "../rotation/partialUpdate";
import type { Progress, Rotation } from "./progress";
import { regenerate, UnsettledKeys } from "./regenerate";
import { verify } from "./verify";
import type { Dependencies } from "./dependencies";

/**
 * Regenerates the keys that the inputs name, but for those that were, and tries the new current key.
 * @param known the keys as last seen; undefined for an account that is new to this resource.
 * @throws AzureError as long as nothing that this call did has changed a key; after that, whatever
 *   fails is told as trouble, with the keys.
 */
export async function rotateKeys(
  azure: Azure,
  id: BatchAccountId,
  account: AccountFacts,
  inputs: RotationInputs,
  known: AccountKeys | undefined,
  progress: Progress,
  dependencies: Dependencies,
): Promise<Rotation> {
  const names = keysToRegenerate(inputs).filter((name) => !progress.regenerated.has(name));
  let keys = names.length === 0 ? undefined : (progress.keys ?? known);
  const rotation = (
    found: AccountKeys,
    keyVerification: KeyVerification,
    trouble: string | undefined,
    regenerated = true,
  ): Rotation => ({
    findings: {
      keys: found,
      accountEndpoint: account.accountEndpoint,
      keyVerification,
      rotatedAt: progress.rotatedAt ?? dependencies.now().toISOString(),
    },
    regenerated,
    trouble,
  });
  for (const name of names) {
    const before = keys;
    try {
      // The keys in state can be stale. Where a key is to go whatever it is, after a leak perhaps,
      // its being another one than in state does not prove that a lost request was executed.
      const last = before === known && inputs.rotate !== "Alternate" ? undefined : before?.[name];
      keys = await regenerate(azure.resourceManager, id, name, last, dependencies, progress);
    } catch (error) {
      if (error instanceof UnsettledKeys) {
        const regenerated = error.regenerated && name === names.at(-1);
        return rotation(error.keys, "Skipped", error.message, regenerated);
      }
      if (before === undefined || before === known) throw error;
      return rotation(before, "Skipped", reasonOf(error), false);
    }
    warnOfOutOfBandChange(account, other(name), before, keys, dependencies);
  }
  // A retry that regenerates nothing itself: what was seen before it is out of date, perhaps.
  keys ??= await listKeys(azure.resourceManager, id);
  const { keyVerification, trouble } = await tryNewKey(
    azure,
    account,
    inputs,
    keys,
    progress,
    dependencies,
  );
  return rotation(keys, keyVerification, trouble);
}

/**
 * Reads the keys again and, if the inputs rotated one, tries it: what an unfinished rotation lacks,
 * and all that one does which was adopted or has moved.
 * @param done what is in state; undefined for an account that is new to this resource.
 */
export async function finishRotation(
  azure: Azure,
  id: BatchAccountId,
  account: AccountFacts,
  inputs: RotationInputs,
  done: RotationOutputs | undefined,
  progress: Progress,
  dependencies: Dependencies,
): Promise<Rotation> {
  const keys = await listKeys(azure.resourceManager, id);
  if (done?.keyVerification === "Rejected" && changedKeys(done, keys).length === 0) {
    progress.rejected = keys[currentKeyName(inputs)];
  }
  const { keyVerification, trouble } = await tryNewKey(
    azure,
    account,
    inputs,
    keys,
    progress,
    dependencies,
  );
  const { accountEndpoint } = account;
  return {
    findings: { keys, accountEndpoint, keyVerification, rotatedAt: done?.rotatedAt },
    regenerated: true,
    trouble,
  };
}

/** Regenerates both keys, so that nothing handed out works any more. */
export async function revokeKeys(
  { resourceManager }: Azure,
  id: BatchAccountId,
  progress: Progress,
  dependencies: Dependencies,
): Promise<void> {
  for (const name of KEYS_BY_RANK) {
    if (progress.regenerated.has(name)) continue;
    await regenerate(resourceManager, id, name, progress.keys?.[name], dependencies, progress);
  }
}

/** The key that is tried and handed out is regenerated last. */
const KEYS_BY_RANK: readonly KeyName[] = ["Secondary", "Primary"];

function keysToRegenerate({ keyToRotate }: RotationInputs): KeyName[] {
  switch (keyToRotate) {
    case "None":
      return [];
    case "Both":
      return [...KEYS_BY_RANK];
    default:
      return [keyToRotate];
  }
}

const REFUSED_BEFORE: KeyProbe = {
  verdict: "Rejected",
  reason: "the data plane refused it before",
};

async function tryNewKey(
  azure: Azure,
  account: AccountFacts,
  inputs: RotationInputs,
  keys: AccountKeys,
  progress: Progress,
  dependencies: Dependencies,
): Promise<{ keyVerification: KeyVerification; trouble: string | undefined }> {
  if (inputs.verifyKey === "None" || inputs.keyToRotate === "None") {
    return { keyVerification: "Skipped", trouble: undefined };
  }
  const keyName = currentKeyName(inputs);
  const key = keys[keyName];
  const refused = progress.rejected === key ? REFUSED_BEFORE : undefined;
  const { verdict, reason } = await verify(azure, account, keyName, key, refused, dependencies);
  if (verdict === "Rejected") progress.rejected = key;
  const isGood = isAcceptable(verdict, inputs.verifyKey);
  if (isGood && verdict === "Unreachable") {
    dependencies.log(
      `warning: the new ${keyName} key of Batch account "${account.accountName}" is handed out untried: ${reason}`,
    );
  }
  const trouble = isGood
    ? undefined
    : `the new ${keyName} key of Batch account "${account.accountName}" does not work yet: ${reason}. Next: run "pulumi up" again, which tries it again without another rotation${inputs.verifyKey === "Required" && verdict === "Unreachable" ? ', or set verifyKey to "BestEffort" if this machine cannot reach the account' : ""}`;
  return { keyVerification: verdict, trouble };
}

function warnOfOutOfBandChange(
  { accountName }: AccountFacts,
  keyName: KeyName,
  known: AccountKeys | undefined,
  keys: AccountKeys,
  dependencies: Dependencies,
): void {
  if (known !== undefined && known[keyName] !== keys[keyName]) {
    dependencies.log(
      `warning: the ${keyName} key of Batch account "${accountName}" was changed outside this stack since the last update: its fingerprint was ${fingerprint(known[keyName])} and is ${fingerprint(keys[keyName])}`,
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : redact(String(error));
}
