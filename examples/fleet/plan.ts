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
  /** Of accounts whose stack belongs to a subscription that is not in this run. */
  readonly elsewhere: readonly Outcome[];
}

export interface Fleet {
  readonly version: number;
  readonly forget: readonly string[];
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
export function planStacks({ version, forget, listed, states }: Fleet): Plan {
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
  refuseToForget(forget, accounts, homes);

  const ids = [...listed.keys()].map(({ id }) => id);
  const isHere = (stack: string) => ids.some((id) => id === subscriptionOf(stack));
  const stacks = new Map<string, Planned[]>();
  const elsewhere: Outcome[] = [];
  for (const [name, stack] of homes) {
    const account = accounts.get(name);
    if (isHere(stack)) {
      const known = states.get(stack)?.get(name);
      const planned = forget.includes(name) ? {} : planAccount({ name, version, known, account });
      stacks.set(stack, [...(stacks.get(stack) ?? []), planned]);
    } else if (account !== undefined) {
      const reason = `it is in stack ${stack}: run this for that subscription, too`;
      elsewhere.push({ of: name, kind: "skipped", reason });
    }
  }
  return {
    elsewhere,
    stacks: [...stacks].map(([name, planned]) => ({
      name,
      rotations: planned.flatMap(({ rotation }) => rotation ?? []),
      leftAlone: planned.flatMap(({ leftAlone }) => leftAlone ?? []),
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

function refuseSmaller(version: number, states: Fleet["states"]): void {
  for (const [stack, rotations] of states) {
    for (const { name, version: itsVersion } of rotations.values()) {
      if (itsVersion <= version) continue;
      throw new Error(
        `--version ${String(version)} is smaller than ${String(itsVersion)}, that of Batch account ${name} in stack ${stack}: a rotated key cannot be brought back`,
      );
    }
  }
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

function refuseToForget(
  forget: readonly string[],
  accounts: ReadonlyMap<string, unknown>,
  homes: ReadonlyMap<string, unknown>,
): void {
  for (const name of forget) {
    if (accounts.has(name)) throw new Error(`--forget ${name}: the account is there`);
    if (!homes.has(name)) throw new Error(`--forget ${name}: no stack has an account of that name`);
  }
}

interface Planned {
  readonly rotation?: PlannedRotation;
  readonly leftAlone?: Outcome;
}

interface Account {
  readonly name: string;
  readonly version: number;
  readonly known: KnownRotation | undefined;
  readonly account: ListedAccount | undefined;
}

/** What cannot be rotated stays in its state as it is, and what is in none is not taken in. */
function planAccount({ name, version, known, account }: Account): Planned {
  if (account?.allowsSharedKey === true) {
    return { rotation: { name, accountId: account.accountId, version } };
  }
  const leftAlone: Outcome =
    account === undefined
      ? failed(
          name,
          `no list has it, so it stays as it is. If it is deleted, run again with --forget ${name}; if it has moved to another subscription, run this for that one, too`,
        )
      : { of: name, kind: "skipped", reason: "it does not allow shared keys" };
  if (known === undefined) return { leftAlone };
  const { accountId, version: itsVersion } = known;
  return { leftAlone, rotation: { name, accountId, version: itsVersion } };
}
