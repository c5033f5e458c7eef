import { adopting } from "../../components/rotationSettings";
import type { Dependencies } from "../../provider/lifecycle/dependencies";
import type { Lifecycle, Properties } from "../../provider/lifecycle/lifecycle";
import { PartialUpdateError } from "../../provider/lifecycle/partialUpdateError";
import { fingerprint } from "../../provider/rotation/outputs";
import type { KeyName } from "../../provider/rotation/properties";
import { ACCOUNT_ID, type OutputsWithKeys } from "../support/rotationInputs";
import { CheckFailed, type ResourceState, StatefulEngine } from "../support/statefulEngine";
import {
  type AccountState,
  type Choose,
  keyText,
  ModelledAzure,
  type StoredVersion,
} from "./modelledAzure";

/** What a user, a clock or somebody else can do between two commands. */
export const ACTIONS = [
  "up",
  "bump",
  "bump back",
  "change a setting",
  "let the schedule fall due",
  "let the revocation fall due",
  "refresh",
  "refresh, and up",
  "bump, with an onError hook that retries",
  "replace by a trigger",
  "replace on demand",
  "move the account",
  "leave the account out of the list",
  "lead an alias astray",
  "regenerate the spare key by hand",
  "regenerate the current key by hand",
] as const;
export type Action = (typeof ACTIONS)[number] | (typeof VAULT_ACTIONS)[number];

/** What can be done where the current key goes to a Key Vault secret. */
export const VAULT_ACTIONS = [
  "up",
  "bump",
  "bump back",
  "let the schedule fall due",
  "let the revocation fall due",
  "refresh",
  "refresh, and up",
  "bump, with an onError hook that retries",
  "replace on demand",
  "move the account",
  "lose the state",
  "give the key to the other place",
  "disable the secret's newest version by hand",
  "delete the secret by hand",
  "regenerate the spare key by hand",
  "regenerate the current key by hand",
] as const;

/** Everything that the next action depends on. */
export interface Situation {
  readonly account: AccountState;
  readonly resource: ResourceState | undefined;
  readonly version: number;
  readonly revokeOnDelete: boolean;
  /** Whether the rotation is one of a list's, which adopts what it has not had before. */
  readonly isListed: boolean;
  /** Whether the current key goes to a Key Vault secret, and none to state. */
  readonly usesVault: boolean;
  readonly now: number;
  /** What consumers have: the outputs that the last finished update, or refresh, left. */
  readonly finished: OutputsWithKeys | undefined;
  /** Somebody else regenerated the current key: nobody can promise that it works. */
  readonly spoilt: boolean;
  /** The version whose rotation has left its keys in state, but was not finished. */
  readonly halfFailedVersion: number | undefined;
  readonly faults: number;
}

export type CreateLifecycle = (world: Dependencies) => Lifecycle;

const MINUTE = 60_000;
const DAY = 86_400_000;

export function beginning(usesVault: boolean): Situation {
  return {
    account: {
      Primary: keyText(0),
      Secondary: keyText(1),
      made: 2,
      id: ACCOUNT_ID,
      secret: [],
      secretIsDeleted: false,
    },
    usesVault,
    resource: undefined,
    version: 1,
    revokeOnDelete: false,
    isListed: false,
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
      return Promise.resolve(true);
    },
    environment: {},
    log: () => undefined,
    rotationsInState: () => Promise.resolve(engine.rotationsInState()),
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
  hold(action, before, after, outcome.ended, azure);
  return after;
}

interface Outcome {
  readonly ended: "Finished" | "Failed" | "Killed" | "Refreshed" | "LeftOut" | "ByHand";
  readonly finished: OutputsWithKeys | undefined;
  readonly spoilt: boolean;
  readonly halfFailedVersion: number | undefined;
}

function prepare(situation: Situation, action: Action): Situation {
  const { version, revokeOnDelete, account } = situation;
  const isBump = action.startsWith("bump");
  return {
    ...situation,
    now: situation.now + timeBefore(action),
    version: action === "bump back" ? Math.max(1, version - 1) : isBump ? version + 1 : version,
    revokeOnDelete: action === "change a setting" ? !revokeOnDelete : revokeOnDelete,
    // State that was lost tells nobody which key is in use: there it is the vault's to tell.
    usesVault:
      action === "give the key to the other place" && situation.resource !== undefined
        ? !situation.usesVault
        : situation.usesVault,
    isListed: situation.isListed || action === "leave the account out of the list",
    account: action === "move the account" ? { ...account, id: elsewhere(account.id) } : account,
  };
}

/** A bump comes at once; what waits for the clock comes when its time is over. */
function timeBefore(action: Action): number {
  if (action === "let the schedule fall due") return 8 * DAY;
  return action === "let the revocation fall due" ? 4 * DAY : MINUTE;
}

/** Two resource groups, so that an account can come back. */
function elsewhere(id: string): string {
  return id.includes("/group/")
    ? id.replace("/group/", "/another/")
    : id.replace("/another/", "/group/");
}

/** State of another kind of resource, with as much in common with a rotation's as it can have. */
const FOREIGN: Properties = { accountId: ACCOUNT_ID, version: 7, colour: "green" };

async function command(
  action: Action,
  situation: Situation,
  engine: StatefulEngine,
  azure: ModelledAzure,
): Promise<Outcome> {
  const { finished, spoilt, halfFailedVersion, version, revokeOnDelete, account } = situation;
  const { isListed, usesVault } = situation;
  let kept = { finished, spoilt, halfFailedVersion };
  if (action === "lose the state") {
    if (!usesVault) return { ...kept, ended: "ByHand" };
    engine.state = undefined;
    return { ...kept, halfFailedVersion: undefined, ended: "ByHand" };
  }
  if (action === "delete the secret by hand" || action.startsWith("disable the secret")) {
    azure.spoilSecret(action === "delete the secret by hand");
    return { ...kept, ended: "ByHand" };
  }
  if (action.startsWith("regenerate")) {
    const current: KeyName = finished?.currentKeyName ?? "Primary";
    const spare: KeyName = current === "Primary" ? "Secondary" : "Primary";
    const name = action === "regenerate the current key by hand" ? current : spare;
    // After a kill, the secret may hold a key of which state does not know yet.
    const isHeld = name === current || newestEnabled(account)?.value === account[name];
    azure.regenerate(name);
    return { ...kept, ended: "ByHand", spoilt: spoilt || isHeld };
  }
  const args: Properties = {
    accountId: account.id,
    version,
    rotateAfter: "P7D",
    revokePreviousAfter: "P3D",
    // A list's rotations revoke nothing.
    ...(isListed ? adopting({}) : { revokeOnDelete }),
    ...(usesVault ? { keyVaultSecret: { vaultUri: "https://vault.example/" } } : {}),
  };
  const { state } = engine;
  // A list's rotations revoke nothing: what may do so becomes one of a list first.
  const isLeftOut =
    action === "leave the account out of the list" && state?.outputs["revokeOnDelete"] !== true;
  const run =
    action === "refresh"
      ? engine.refresh()
      : isLeftOut
        ? engine.destroy()
        : up(engine, args, action);
  const failure = await Promise.race([
    run.then(
      () => undefined,
      (error: unknown) => error,
    ),
    azure.killed.then(() => "killed"),
  ]);
  if (action === "lead an alias astray") {
    if (!(failure instanceof CheckFailed)) throw new PromiseBroken("foreign state was not refused");
    engine.state = state;
    return { ...kept, ended: "Failed" };
  }
  // What was made anew is handed on before the engine deletes what it replaces.
  const made = handedOut(engine.created, azure);
  if (made !== undefined) kept = { ...kept, finished: made };
  if (failure === "killed") return { ...kept, ended: "Killed" };
  if (failure instanceof PartialUpdateError) {
    const rotated = failure.properties.generation > Number(engine.state?.inputs["generation"]);
    return { ...kept, ended: "Failed", halfFailedVersion: rotated ? version : undefined };
  }
  if (failure instanceof CheckFailed) return { ...kept, ended: "Failed" };
  if (failure !== undefined) {
    // Anything else (a TypeError, say) is no failure of Azure's.
    if (!["AzureError", "Error"].includes((failure as Error).name)) throw failure as Error;
    return { ...kept, ended: "Failed" };
  }
  if (isLeftOut) return { ...kept, ended: "LeftOut", halfFailedVersion: undefined };
  const outputs = handedOut(engine.state, azure);
  if (action === "refresh") {
    // A refresh brings the keys up to date; what is unfinished stays so.
    const refreshed = finished && {
      ...finished,
      ...(outputs && { currentKey: outputs.currentKey }),
    };
    return {
      ...kept,
      ended: "Refreshed",
      finished: refreshed,
      spoilt: spoilt && refreshed?.currentKey === heldKey(situation),
    };
  }
  return {
    ended: "Finished",
    finished: outputs,
    // An update without a rotation reads no key: it cannot know.
    spoilt: spoilt && outputs?.currentKey === heldKey(situation),
    halfFailedVersion: undefined,
  };
}

/** Outputs, with the keys that consumers have: from a secret, where state has none. */
function handedOut(
  state: ResourceState | undefined,
  { account }: ModelledAzure,
): OutputsWithKeys | undefined {
  const outputs = state?.outputs as unknown as OutputsWithKeys | undefined;
  if (outputs?.keyVaultSecret === undefined) return outputs;
  const { Primary, Secondary } = account;
  // What somebody has disabled or deleted, applications still have.
  const currentKey = newestEnabled(account)?.value ?? account[outputs.currentKeyName];
  return { ...outputs, currentKey, previousKey: currentKey === Primary ? Secondary : Primary };
}

/** The key that consumers have: the secret's newest, where they read that, else the last outputs'. */
function heldKey({ finished, account }: Situation): string | undefined {
  const isRead = finished?.keyVaultSecret !== undefined;
  return (isRead ? newestEnabled(account)?.value : undefined) ?? finished?.currentKey;
}

/** Whether a killed update had handed out a key before, of which state does not know. */
function isBehind(finished: OutputsWithKeys): boolean {
  const { currentKeyName, primaryKeyFingerprint, secondaryKeyFingerprint } = finished;
  const known = currentKeyName === "Primary" ? primaryKeyFingerprint : secondaryKeyFingerprint;
  return fingerprint(finished.currentKey) !== known;
}

function newestEnabled({ secret, secretIsDeleted }: AccountState): StoredVersion | undefined {
  const newest = secretIsDeleted ? undefined : secret.at(-1);
  return newest?.enabled === true ? newest : undefined;
}

function up(engine: StatefulEngine, args: Properties, action: Action): Promise<unknown> {
  switch (action) {
    case "refresh, and up":
      return engine.up(args, { refresh: true });
    case "replace by a trigger":
      return engine.up(args, { replace: "Trigger" });
    case "replace on demand":
      return engine.up(args, { replace: "Demand" });
    case "bump, with an onError hook that retries":
      return engine.up(args, { retries: 1 });
    case "lead an alias astray":
      engine.state = { id: "foreign", inputs: FOREIGN, outputs: FOREIGN, initErrors: false };
      return engine.up(args);
    default:
      return engine.up(args);
  }
}

function hold(
  action: Action,
  before: Situation,
  after: Situation,
  ended: Outcome["ended"],
  { regenerated, executed, lost, faults }: ModelledAzure,
): void {
  const { account, finished, spoilt } = after;
  const works = (key: string) => key === account.Primary || key === account.Secondary;
  const held = heldKey(after);
  if (held !== undefined && !spoilt && !works(held)) {
    throw new PromiseBroken("the current key of the last finished state does not work");
  }
  const last = before.finished;
  const heldBefore = heldKey(before);
  if (heldBefore !== undefined && !spoilt && !before.spoilt && !works(heldBefore)) {
    throw new PromiseBroken("the key that consumers hold does not work any more");
  }
  // A resource that was lost goes on from the secret, which tells no version.
  const isLost = before.usesVault && before.resource === undefined;
  const isReplaced = action.startsWith("replace") && before.resource !== undefined;
  if (ended === "Finished" && last !== undefined && finished !== undefined) {
    const decided = finished.rotationDecidedAt !== last.rotationDecidedAt;
    const triggered =
      isReplaced ||
      (!after.isListed && before.version !== last.version) ||
      finished.rotationReason === "Scheduled";
    if (
      triggered &&
      decided &&
      !isLost &&
      !isBehind(last) &&
      finished.currentKey === last.currentKey
    ) {
      throw new PromiseBroken("a rotation finished without a new current key");
    }
  }
  const age = (outputs: OutputsWithKeys) => before.now - Date.parse(outputs.rotationDecidedAt);
  const isDue = (outputs: OutputsWithKeys) => age(outputs) >= 7 * DAY;
  const isRevocationDue =
    last !== undefined && last.keyToRevoke === undefined && age(last) >= 3 * DAY;
  // Made anew, a resource knows the old inputs, and not what was done since: half-way, it begins again.
  const isAnew = before.resource !== undefined && before.resource.id !== before.account.id;
  const alreadyDone =
    (before.halfFailedVersion === before.version && !isAnew) ||
    (last?.version === before.version && before.halfFailedVersion === undefined && !isDue(last));
  const isRevoked = finished?.keyToRevoke !== undefined && last?.keyToRevoke === undefined;
  if (isRevoked && ended === "Finished" && last !== undefined && works(last.previousKey)) {
    throw new PromiseBroken("a key that was revoked still works");
  }
  if (alreadyDone && !isReplaced && !isLost && !isRevocationDue && regenerated > 0) {
    throw new PromiseBroken("a trigger that had rotated already rotated again");
  }
  const { outputs = {} } = after.resource ?? {};
  const isKnown =
    outputs["primaryKeyFingerprint"] === fingerprint(account.Primary) &&
    outputs["secondaryKeyFingerprint"] === fingerprint(account.Secondary);
  const isSubstituted = faults.every((fault) => fault === "Substituted");
  if (executed > 0 && isSubstituted && after.resource !== undefined && !isKnown) {
    throw new PromiseBroken("a key has changed, and state does not know the new one");
  }
  if (executed > 1 + lost) throw new PromiseBroken("one command regenerated more than one key");
}
