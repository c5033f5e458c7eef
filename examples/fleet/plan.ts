import { createHash } from "node:crypto";
import type { ListedAccount } from "./accounts";
import type { Subscription } from "./arguments";
import { failed, type Outcome } from "./outcome";

/** One rotation of a stack's program. */
export interface PlannedRotation {
  /** The account, as `name.region`. */
  readonly name: string;
  readonly accountId: string;
  readonly version: number;
}

/** What a stack's state says of a rotation. */
export interface KnownRotation extends PlannedRotation {
  /** Rotations that an update has finished. */
  readonly generation: number;
  /** That of the key that the stack's outputs name; an update in which one account fails leaves them. */
  readonly versionInOutputs: number | undefined;
}

/** The rotations of a stack by name. */
export type StackState = ReadonlyMap<string, KnownRotation>;

export interface PlannedStack {
  readonly name: string;
  readonly rotations: readonly PlannedRotation[];
  /** Of accounts that stay as they are. */
  readonly leftAlone: readonly Outcome[];
}

interface Plan {
  readonly stacks: readonly PlannedStack[];
  /** Of stacks that stay as they are, and of accounts whose stack is none of this run's. */
  readonly leftAlone: readonly Outcome[];
}

export interface Fleet {
  readonly version: number;
  /** The ids in subscriptions.json; undefined in a run for some of them. */
  readonly fleet: readonly string[] | undefined;
  /** The subscriptions that could be listed, with their accounts. */
  readonly listed: ReadonlyMap<Subscription, readonly ListedAccount[]>;
  /** Every stack there is, by name, those of other subscriptions too. */
  readonly states: ReadonlyMap<string, StackState>;
}

/**
 * Which rotations each stack is to have. An account never changes its stack, because a rotation that
 * begins anew does not know which key is in use: whoever is in a stack's state stays there, and a new
 * account goes where a hash of its name says, whatever other accounts there are. So two runs at the
 * same time cannot disagree.
 * @throws Error where that cannot be held.
 */
export function planStacks({ version, fleet, listed, states }: Fleet): Plan {
  refuseSmaller(version, states);
  const homes = homesOf(states);
  const accounts = new Map<string, ListedAccount>();
  for (const [{ id, stacks }, found] of listed) {
    for (const account of found) {
      accounts.set(account.name, account);
      const { name } = account;
      if (!homes.has(name)) homes.set(name, `${id}-${String(bucket(name, stacks))}`);
    }
  }

  const ids = [...listed.keys()].map(({ id }) => id);
  const stacks = new Map<string, Planned[]>();
  const leftAlone: Outcome[] = [];
  for (const [name, stack] of homes) {
    const account = accounts.get(name);
    const subscription = subscriptionOf(stack) ?? "";
    if (ids.includes(subscription)) {
      const known = states.get(stack)?.get(name);
      const planned = planAccount({ name, stack, version, known, account });
      stacks.set(stack, [...(stacks.get(stack) ?? []), planned]);
    } else if (fleet?.includes(subscription) === false) {
      const reason = `its stack ${stack} is of a subscription that is not in subscriptions.json: put it back`;
      leftAlone.push(failed(name, reason));
    } else if (account !== undefined) {
      const reason = `it is in stack ${stack}: run this for that subscription, too`;
      leftAlone.push({ of: name, kind: "skipped", reason });
    }
  }
  for (const name of stacks.keys()) {
    const outcome = whyNotNow(name, version, states.get(name));
    if (outcome === undefined) continue;
    leftAlone.push(outcome);
    stacks.delete(name);
  }
  return {
    leftAlone,
    stacks: [...stacks].map(([name, planned]) => ({
      name,
      rotations: planned.flatMap(({ rotation }) => rotation ?? []),
      leftAlone: planned.flatMap((each) => each.leftAlone ?? []),
    })),
  };
}

/** The subscription of a stack; undefined of a stack that is none of the fleet's. */
export function subscriptionOf(stack: string): string | undefined {
  return /^([0-9a-f-]{36})-\d+$/.exec(stack)?.[1];
}

/** From 1 on; the same for a name as long as the number of buckets is. */
function bucket(name: string, buckets: number): number {
  return (createHash("sha256").update(name).digest().readUInt32BE() % buckets) + 1;
}

function highestOf(state: StackState): number {
  return Math.max(0, ...[...state.values()].map(({ version }) => version));
}

/** Whether its outputs name the key that an account had before its last rotation. */
function isUnfinished(state: StackState): boolean {
  return [...state.values()].some(({ version, versionInOutputs }) => version !== versionInOutputs);
}

/** A smaller version than that of any account is for stacks only whose update to it did not finish. */
function refuseSmaller(version: number, states: Fleet["states"]): void {
  const all = [...states.values()];
  if (all.some((state) => isUnfinished(state) && highestOf(state) === version)) return;
  for (const [stack, rotations] of states) {
    for (const { name, version: itsVersion } of rotations.values()) {
      if (itsVersion <= version) continue;
      throw new Error(
        `--version ${String(version)} is smaller than ${String(itsVersion)}, that of Batch account ${name} in stack ${stack}: a rotated key cannot be brought back`,
      );
    }
  }
}

/** Of a stack that is not to be brought to the version in this run. */
function whyNotNow(
  stack: string,
  version: number,
  state: StackState | undefined,
): Outcome | undefined {
  if (state === undefined) return undefined;
  const highest = highestOf(state);
  if (highest > version) {
    const reason = `it is at version ${String(highest)}, and this run finishes others' update to ${String(version)}`;
    return { of: stack, kind: "skipped", reason };
  }
  if (highest === version || !isUnfinished(state)) return undefined;
  return failed(
    stack,
    `its last update did not finish, so its outputs still name keys that version ${String(version)} would regenerate. Run --version ${String(highest)} until it finishes, and then this again`,
  );
}

function homesOf(states: Fleet["states"]): Map<string, string> {
  const homes = new Map<string, string>();
  for (const [stack, rotations] of states) {
    for (const name of rotations.keys()) {
      const other = homes.get(name);
      if (other !== undefined) {
        throw new Error(
          `Batch account ${name} is in two stacks, ${other} and ${stack}, which would retire each other's key. Find out which one has the key in use, and take the account out of the other with "pulumi state delete"`,
        );
      }
      homes.set(name, stack);
    }
  }
  return homes;
}

interface Planned {
  readonly rotation?: PlannedRotation;
  readonly leftAlone?: Outcome;
}

interface Account {
  readonly name: string;
  readonly stack: string;
  readonly version: number;
  readonly known: KnownRotation | undefined;
  readonly account: ListedAccount | undefined;
}

/** What cannot be rotated stays in its state as it is, and what is in none is not taken in. */
function planAccount({ name, stack, version, known, account }: Account): Planned {
  if (account?.allowsSharedKey === true) {
    return { rotation: { name, accountId: account.accountId, version } };
  }
  const leftAlone: Outcome =
    account === undefined
      ? failed(
          name,
          `no list has it, so it stays as it is. If it is deleted, "pulumi refresh --yes --stack ${stack}" takes it out of the state; if it has moved to another subscription, run this for that one, too`,
        )
      : { of: name, kind: "skipped", reason: "it does not allow shared keys" };
  if (known === undefined) return { leftAlone };
  const { accountId, version: itsVersion } = known;
  return { leftAlone, rotation: { name, accountId, version: itsVersion } };
}
