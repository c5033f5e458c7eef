import type { KeyName } from "../../provider/azure/batchAccounts";
import { UnfinishedRotation } from "../../provider/lifecycle/unfinishedRotation";
import type { Lifecycle, Properties } from "../../provider/lifecycle/lifecycle";
import type { World } from "../../provider/lifecycle/world";
import type { RotationOutputs } from "../../provider/rotation/properties";
import { ACCOUNT_ID } from "../support/rotationInputs";
import { CheckFailed, StatefulEngine, type ResourceState } from "../support/statefulEngine";
import { keyText, ModelledAzure, type AccountState, type Choose } from "./modelledAzure";

/** What a user, a clock or somebody else can do between two commands. */
export const ACTIONS = [
  "up",
  "bump",
  "bump back",
  "change a setting",
  "let the schedule fall due",
  "refresh",
  "regenerate the spare key by hand",
  "regenerate the current key by hand",
] as const;
export type Action = (typeof ACTIONS)[number];

/** Everything that the next action depends on. */
export interface Situation {
  readonly account: AccountState;
  readonly resource: ResourceState | undefined;
  readonly version: number;
  readonly revokeOnDelete: boolean;
  readonly now: number;
  /** What consumers have: the outputs that the last finished update, or refresh, left. */
  readonly finished: RotationOutputs | undefined;
  /** Somebody else regenerated the current key: nobody can promise that it works. */
  readonly spoilt: boolean;
  /** The version whose rotation has left its keys in state, but was not finished. */
  readonly halfFailedVersion: number | undefined;
  readonly faults: number;
}

export type CreateLifecycle = (world: World) => Lifecycle;

const MINUTE = 60_000;
const DAY = 86_400_000;

export function beginning(): Situation {
  return {
    account: { Primary: keyText(0), Secondary: keyText(1), made: 2 },
    resource: undefined,
    version: 1,
    revokeOnDelete: false,
    now: Date.UTC(2026, 0, 1),
    finished: undefined,
    spoilt: false,
    halfFailedVersion: undefined,
    faults: 0,
  };
}

/** Thrown when an action has broken what this package promises. */
class PromiseBroken extends Error {}

/** Does one action in a new process, and holds what came of it against the promise. */
export async function act(
  situation: Situation,
  action: Action,
  choose: Choose,
  createLifecycle: CreateLifecycle,
): Promise<Situation> {
  const before = prepare(situation, action);
  const azure = new ModelledAzure(before.account, choose);
  const lifecycle = createLifecycle({
    now: () => new Date(before.now),
    sleep: () => {
      azure.executeLateRequests();
      return Promise.resolve();
    },
    environment: {},
    tell: () => undefined,
    rotationsInState: () => Promise.resolve([]),
    connect: () => Promise.resolve(azure.connection()),
  });
  await lifecycle.configure({ config: { get: () => undefined } });
  const engine = new StatefulEngine(lifecycle);
  engine.state = before.resource;
  const outcome = await command(action, before, engine, azure);
  azure.executeLateRequests();
  const after = {
    ...before,
    ...outcome,
    account: azure.account,
    resource: engine.state,
  };
  hold(before, after, outcome.ended, azure.regenerated);
  return after;
}

interface Outcome {
  readonly ended: "Finished" | "Failed" | "Killed" | "Refreshed" | "ByHand";
  readonly finished: RotationOutputs | undefined;
  readonly spoilt: boolean;
  readonly halfFailedVersion: number | undefined;
}

function prepare(situation: Situation, action: Action): Situation {
  const { version, revokeOnDelete } = situation;
  const pass = action === "let the schedule fall due" ? 8 * DAY : MINUTE;
  return {
    ...situation,
    now: situation.now + pass,
    version:
      action === "bump" ? version + 1 : action === "bump back" ? Math.max(1, version - 1) : version,
    revokeOnDelete: action === "change a setting" ? !revokeOnDelete : revokeOnDelete,
  };
}

async function command(
  action: Action,
  { finished, spoilt, halfFailedVersion, version, revokeOnDelete }: Situation,
  engine: StatefulEngine,
  azure: ModelledAzure,
): Promise<Outcome> {
  const kept = { finished, spoilt, halfFailedVersion };
  if (action.startsWith("regenerate")) {
    const current: KeyName = finished?.currentKeyName ?? "Primary";
    const spare: KeyName = current === "Primary" ? "Secondary" : "Primary";
    const isCurrent = action === "regenerate the current key by hand";
    azure.regenerate(isCurrent ? current : spare);
    return { ...kept, ended: "ByHand", spoilt: spoilt || isCurrent };
  }
  const args: Properties = { accountId: ACCOUNT_ID, version, revokeOnDelete, rotateAfter: "P7D" };
  const run = action === "refresh" ? engine.refresh() : engine.up(args);
  const failure = await Promise.race([
    run.then(
      () => undefined,
      (error: unknown) => error,
    ),
    azure.killed.then(() => "killed"),
  ]);
  if (failure === "killed") return { ...kept, ended: "Killed" };
  if (failure instanceof UnfinishedRotation) {
    const rotated = failure.properties.generation > Number(engine.state?.inputs["generation"]);
    return { ...kept, ended: "Failed", halfFailedVersion: rotated ? version : undefined };
  }
  if (failure instanceof CheckFailed) return { ...kept, ended: "Failed" };
  if (failure !== undefined) {
    if ((failure as Error).name !== "AzureError" && engine.state !== undefined)
      throw failure as Error;
    return { ...kept, ended: "Failed" };
  }
  const outputs = engine.state?.outputs as unknown as RotationOutputs | undefined;
  if (action === "refresh") {
    // A refresh brings the keys up to date; what is unfinished stays so.
    const refreshed = finished && { ...finished, currentKey: outputs?.currentKey ?? "" };
    return { ...kept, ended: "Refreshed", finished: refreshed, spoilt: false };
  }
  return {
    ended: "Finished",
    finished: outputs,
    // An update without a rotation reads no key: it cannot know.
    spoilt: spoilt && outputs?.currentKey === finished?.currentKey,
    halfFailedVersion: undefined,
  };
}

function hold(before: Situation, after: Situation, ended: string, regenerated: number): void {
  const { account, finished, spoilt } = after;
  const works = (key: string) => key === account.Primary || key === account.Secondary;
  if (finished !== undefined && !spoilt && !works(finished.currentKey)) {
    throw new PromiseBroken("the current key of the last finished state does not work");
  }
  const last = before.finished;
  if (ended === "Finished" && last !== undefined && finished !== undefined) {
    const decided = finished.rotationDecidedAt !== last.rotationDecidedAt;
    const triggered = before.version !== last.version || finished.rotationReason === "Scheduled";
    if (triggered && decided && finished.currentKey === last.currentKey) {
      throw new PromiseBroken("a rotation finished without a new current key");
    }
  }
  const isDue = (outputs: RotationOutputs) =>
    Date.parse(outputs.rotationDecidedAt) + 7 * DAY <= before.now;
  const alreadyDone =
    before.halfFailedVersion === before.version ||
    (last?.version === before.version && before.halfFailedVersion === undefined && !isDue(last));
  if (alreadyDone && regenerated > 0) {
    throw new PromiseBroken("a trigger that had rotated already rotated again");
  }
}
