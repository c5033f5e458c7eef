import type { Azure } from "../azure/connect";
import type { AccountFacts, KeyName } from "../azure/arm/batchAccounts";
import { probeKey, type KeyProbe } from "../azure/batch/probeKey";
import type { Dependencies } from "./dependencies";

/** How long a new key is given to reach the data plane, in milliseconds. */
const PROPAGATION_TIME = 90_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
/** An endpoint that cannot be reached (a private network, say) is not waited for any longer. */
const UNREACHABLE_TRIES = 3;

/**
 * Tries a key on the data plane until it works, the time is up or the endpoint stays out of reach.
 * A key that was refused stays so until it works: an endpoint that then goes out of reach does not
 * take that back.
 * @param refused why the key was refused before, if it was.
 */
export async function verify(
  { dataPlane, cloud }: Azure,
  account: AccountFacts,
  keyName: KeyName,
  key: string,
  refused: KeyProbe | undefined,
  dependencies: Dependencies,
): Promise<KeyProbe> {
  let rejection = refused;
  let waited = 0;
  let unreachable = 0;
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    const probe = await probeKey(dataPlane, cloud, account, key, dependencies.now());
    if (probe.verdict === "Verified") return probe;
    if (probe.verdict === "Rejected") rejection = probe;
    unreachable = probe.verdict === "Unreachable" ? unreachable + 1 : 0;
    if (unreachable === UNREACHABLE_TRIES || waited >= PROPAGATION_TIME) return rejection ?? probe;
    await dependencies.sleep(wait);
    waited += wait;
    dependencies.log(
      `waiting for the new ${keyName} key of Batch account "${account.accountName}" to work: ${probe.reason} (${String(Math.round(waited / 1_000))} s so far)`,
    );
  }
}
