import { createHash } from "node:crypto";
import type { KeyName, KeyPair, OperationName, Simulator } from "../../simulator/index";
import type { PulumiWorkspace } from "../workspace/workspace";
import { countedRequests } from "./budget";
import type { DataPlane } from "./dataPlane";
import type { Stage, Step } from "./steps";

export const KEY_NAMES: readonly KeyName[] = ["Primary", "Secondary"];

const ROTATION_TYPE = "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation";

/** A key, as far as it may be shown. */
export interface ObservedKey {
  readonly fingerprint: string;
  readonly works: boolean;
}

/** What was found after a step. It holds no key. */
export interface Observation {
  readonly said: string;
  readonly rotated: readonly KeyName[];
  readonly keys: Readonly<Record<KeyName, ObservedKey>>;
  /** The stack's `currentKey`, while it has one. */
  readonly current: (ObservedKey & { readonly name: string }) | undefined;
  readonly outdated: readonly KeyName[];
  readonly requests: readonly OperationName[];
}

export interface Observer extends Stage {
  readonly simulator: Simulator;
  readonly dataPlane: DataPlane;
  /** Whoever consumes the stack's `currentKey`. */
  readonly handOver: (currentKey: string) => void;
}

/** Carries out a step, and looks at the account and at the stack from outside. */
export async function performAndObserve(step: Step, observer: Observer): Promise<Observation> {
  const { account, dataPlane, handOver, simulator, workspace } = observer;
  const keysBefore = account.keys();
  const requestsBefore = simulator.requests.length;
  const said = await step.perform(observer);
  observer.signal.throwIfAborted();
  const requests = countedRequests(simulator.requests.slice(requestsBefore));

  const [outputs, stateFingerprints] = await Promise.all([
    workspace.outputs({ showSecrets: true }),
    fingerprintsInState(workspace),
  ]);
  const { currentKey, currentKeyName } = outputs;
  if (typeof currentKey === "string") handOver(currentKey);

  const keysNow = account.keys();
  return {
    said,
    rotated: await refusedKeys(keysBefore, dataPlane),
    keys: {
      Primary: await observeKey(keysNow.primary, dataPlane),
      Secondary: await observeKey(keysNow.secondary, dataPlane),
    },
    current:
      typeof currentKey === "string"
        ? { name: String(currentKeyName), ...(await observeKey(currentKey, dataPlane)) }
        : undefined,
    outdated: KEY_NAMES.filter(
      (name) => stateFingerprints && stateFingerprints[name] !== fingerprint(keyOf(keysNow, name)),
    ),
    requests: requests.map(({ operation }) => operation),
  };
}

async function observeKey(key: string, dataPlane: DataPlane): Promise<ObservedKey> {
  return { fingerprint: fingerprint(key), works: await dataPlane(key) };
}

/** A key has been rotated when the data plane refuses what the key was before. */
async function refusedKeys(keys: KeyPair, dataPlane: DataPlane): Promise<KeyName[]> {
  const refused: KeyName[] = [];
  for (const name of KEY_NAMES) {
    if (!(await dataPlane(keyOf(keys, name)))) refused.push(name);
  }
  return refused;
}

async function fingerprintsInState(
  workspace: PulumiWorkspace,
): Promise<Record<KeyName, unknown> | undefined> {
  const { deployment } = await workspace.stackExport();
  const rotation = deployment.resources?.find(({ type }) => type === ROTATION_TYPE);
  return (
    rotation && {
      Primary: rotation.outputs?.["primaryKeyFingerprint"],
      Secondary: rotation.outputs?.["secondaryKeyFingerprint"],
    }
  );
}

function keyOf(pair: KeyPair, name: KeyName): string {
  return name === "Primary" ? pair.primary : pair.secondary;
}

/** Tells keys apart without showing them; computed here, to compare with what Pulumi's state says. */
function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
