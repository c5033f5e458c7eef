import type { AccountFacts } from "../azure/arm/batchAccounts";
import { type KeyProbe, probeKey } from "../azure/batch/probeKey";
import { currentKeyName } from "../rotation/decision";
import { type AccountKeys, fingerprint } from "../rotation/outputs";
import { isAcceptable } from "../rotation/partialUpdate";
import type { KeyName, KeyVerification, RotationInputs } from "../rotation/properties";
import type { AccountCall } from "./dependencies";

/** How long a new key is given to reach the data plane, in milliseconds. */
const PROPAGATION_TIME = 90_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
/** An endpoint that cannot be reached (a private network, say) is not waited for any longer. */
const UNREACHABLE_PROBES = 3;

const REFUSED_BEFORE: KeyProbe = {
  verdict: "Rejected",
  reason: "the data plane refused it before",
};

/** What trying the new key came to. */
export interface Verification {
  readonly keyVerification: KeyVerification;
  /** Why the key may not be handed out, in words for a user; undefined when it may. */
  readonly trouble: string | undefined;
}

/** Tries the key that a rotation hands out, and says whether `verifyKey` lets it. */
export async function verifyNewKey(
  call: AccountCall,
  account: AccountFacts,
  { keyToRotate, liveKey, verifyKey }: RotationInputs,
  keys: AccountKeys,
): Promise<Verification> {
  if (verifyKey === "None" || keyToRotate === "None") {
    return { keyVerification: "Skipped", trouble: undefined };
  }
  const keyName = currentKeyName({ keyToRotate, liveKey });
  const key = keys[keyName];
  const newKey = `the new ${keyName} key of Batch account "${account.accountName}"`;
  const probe = await probeUntilItWorks(call, account, keyName, key);
  if (probe === "Interrupted") {
    const trouble = `${newKey} could not be tried to the end: the update was interrupted. Next: run "pulumi up" again, which tries it again without another rotation`;
    return { keyVerification: "Skipped", trouble };
  }
  const { verdict, reason } = probe;
  if (verdict === "Rejected") call.progress.rejected = fingerprint(key);
  if (isAcceptable(verdict, verifyKey)) {
    if (verdict === "Unreachable") {
      call.dependencies.log(`warning: ${newKey} is handed out untried: ${reason}`);
    }
    return { keyVerification: verdict, trouble: undefined };
  }
  const orGoOn =
    verifyKey === "Required" && verdict === "Unreachable"
      ? ', or set verifyKey to "BestEffort" if this machine cannot reach the account'
      : "";
  return {
    keyVerification: verdict,
    trouble: `${newKey} does not work yet: ${reason}. Next: run "pulumi up" again, which tries it again without another rotation${orGoOn}`,
  };
}

/**
 * Tries a key until it works, the time is up or the endpoint stays out of reach. A key that was
 * refused stays so until it works: an endpoint that then goes out of reach does not take that back.
 */
async function probeUntilItWorks(
  { azure, progress, dependencies }: AccountCall,
  account: AccountFacts,
  keyName: KeyName,
  key: string,
): Promise<KeyProbe | "Interrupted"> {
  const wasRefused = progress.rejected !== undefined && progress.rejected === fingerprint(key);
  let rejection = wasRefused ? REFUSED_BEFORE : undefined;
  let waited = 0;
  let unreachable = 0;
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const probe = await probeKey(azure.dataPlane, azure.cloud, account, key, dependencies.now());
    if (probe.verdict === "Verified") return probe;
    if (probe.verdict === "Rejected") rejection = probe;
    unreachable = probe.verdict === "Unreachable" ? unreachable + 1 : 0;
    if (unreachable === UNREACHABLE_PROBES || waited >= PROPAGATION_TIME) return rejection ?? probe;
    if (!(await dependencies.sleep(wait))) return rejection ?? "Interrupted";
    waited += wait;
    dependencies.log(
      `waiting for the new ${keyName} key of Batch account "${account.accountName}" to work: ${probe.reason} (${String(Math.round(waited / 1_000))} s so far)`,
    );
  }
}
