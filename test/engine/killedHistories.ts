import * as path from "node:path";
import fc from "fast-check";
import { dataPlaneOf } from "../../dev/demo/dataPlane";
import type {
  Fault,
  FaultInjection,
  InjectedFault,
  KeyName,
  SimulatedAccount,
  SimulatedVault,
} from "../../simulator";
import { EngineFixture } from "../support/engineFixture";
import type { Host } from "../support/hosts";

/*
 * Histories under Pulumi's own engine in which a process is killed while rotations are under way.
 * One stack holds several rotations, each of which is in another place when the process dies; each is
 * a history of its own. The data plane, asked with Microsoft's client, is the judge.
 */

/** How far one account's rotation has come when the process is killed. */
const PLACES = [
  "before its request was sent",
  "while its request was under way",
  "after its key had changed",
  "while its new key was tried",
  "when it was finished",
] as const;

/** The places of a rotation whose key goes to a Key Vault secret. */
const PLACES_OF_SECRETS = [
  ...PLACES,
  "before its key was written",
  "after its key was written",
] as const;
type Place = (typeof PLACES_OF_SECRETS)[number];

/** What becomes of the first request that has an effect, of each kind, of the update after the kill. */
const WEATHER = ["clear", "throttled", "answer lost", "request lost"] as const;

/** What is killed, and when, with the place and the weather of each of the stack's rotations. */
export interface KilledStack {
  readonly killed: "CLI" | "provider";
  readonly during: "create" | "update";
  /** Where the keys are handed out. */
  readonly keysIn: "state" | "secrets";
  /** Milliseconds from when every rotation is in its place. */
  readonly after: number;
  readonly rotations: readonly {
    readonly place: Place;
    readonly weather: (typeof WEATHER)[number];
  }[];
}

/** Every kind of kill at both times, with the keys in either, is in so many stacks, one after another. */
export const KINDS_OF_STACKS = 8;

/** Stacks in the order in which they are run: every kind in turn. */
export function killedStacks(seed: number, stacks: number, rotations: number): KilledStack[] {
  const stack = (index: number) => {
    const keysIn = index % KINDS_OF_STACKS < 4 ? "state" : "secrets";
    const rotation = fc.record({
      place: fc.constantFrom(...(keysIn === "state" ? PLACES : PLACES_OF_SECRETS)),
      weather: fc.constantFrom(...WEATHER),
    });
    return fc.record<KilledStack>({
      killed: fc.constant(index % 2 === 0 ? "CLI" : "provider"),
      during: fc.constant(index % 4 < 2 ? "update" : "create"),
      keysIn: fc.constant(keysIn),
      after: fc.integer({ min: 0, max: 200 }),
      rotations: fc.array(rotation, { minLength: rotations, maxLength: rotations }),
    });
  };
  const all = fc.tuple(...Array.from({ length: stacks }, (_, index) => stack(index)));
  return fc.sample(all, { seed, numRuns: 1 }).flat();
}

/** A history that broke the promise. */
export class KeyLost extends Error {}

/** Runs one stack's histories. Throws KeyLost, with the history, when a key does not work. */
export async function runKilledStack(stack: KilledStack, host: Host): Promise<void> {
  const engine = await EngineFixture.start({
    host,
    project: path.join(__dirname, "manyRotations"),
    environment: {
      NODE_OPTIONS: `--require ${require.resolve("../support/shortSettlingTime.cjs")}`,
    },
  });
  try {
    await live(engine, stack);
  } finally {
    await engine.stop();
  }
}

async function live(engine: EngineFixture, stack: KilledStack): Promise<void> {
  const histories = stack.rotations.map((_, index) => newHistory(engine, stack, index));
  const judge = new Judge(engine, stack, histories);
  let version = 1;
  if (stack.during === "update") {
    await engine.up(argumentsOf(histories, version));
    await judge.expectCurrentKeysWork("after the first update");
    version += 1;
  }

  const faults = histories.map((history) => hold(engine, history));
  await engine.arguments(argumentsOf(histories, version));
  const update = engine.workspace.start(["up", "--yes", "--skip-preview"]);
  await until(() => faults.every(({ hits }) => hits > 0));
  await new Promise((resolve) => setTimeout(resolve, stack.after));
  await kill(engine, stack, update.process.pid);
  await engine.keep(update.completion);
  await judge.expectHeldKeysWork("after the kill");
  for (const fault of faults) fault.remove();

  await cancel(engine);
  for (const history of histories) weather(engine, history);
  await engine.up(argumentsOf(histories, version));
  await judge.expectHeldKeysWork("after the update that followed");
  await judge.expectCurrentKeysWork("after the update that followed");

  await engine.up(argumentsOf(histories, version + 1));
  await judge.expectHeldKeysWork("after one more rotation");
  await judge.expectCurrentKeysWork("after one more rotation");
  judge.expectAlternation();
  await judge.expectNoSecrets();
}

/** Frees a stack whose CLI was killed: it has left its lock, and perhaps a state file half-written. */
async function cancel(engine: EngineFixture): Promise<void> {
  try {
    await engine.keep(engine.workspace.cancel());
  } catch (error) {
    if (!String(error).includes("failed to load checkpoint")) throw error;
    await engine.workspace.restoreState();
    await engine.keep(engine.workspace.cancel());
  }
}

/** One rotation of the stack, and what it is about. */
type History = KilledStack["rotations"][number] & {
  readonly account: SimulatedAccount;
  /** Of its own, so that a fault can befall the writes of this rotation alone. */
  readonly vault: SimulatedVault | undefined;
};

function newHistory(engine: EngineFixture, { keysIn, rotations }: KilledStack, index: number) {
  const number = String(index);
  return {
    place: PLACES[0],
    weather: WEATHER[0],
    ...rotations[index],
    account: engine.newAccount(`account${number}`),
    vault:
      keysIn === "secrets" ? engine.simulator.createVault({ name: `vault${number}` }) : undefined,
  } satisfies History;
}

function argumentsOf(histories: readonly History[], version: number): object {
  const entries = histories.map(({ account: { id, name }, vault }) => {
    const keyVaultSecret = vault && { vaultUri: vault.uri };
    return [name, { accountId: id, version, keyVaultSecret }] as const;
  });
  return Object.fromEntries(entries);
}

/** Makes one account's rotation stop in its place until the process is killed. */
function hold({ simulator }: EngineFixture, { account, vault, place }: History): InjectedFault {
  const delay = (when: "BeforeEffect" | "AfterEffect", milliseconds = 1_500) =>
    ({ kind: "Delay", milliseconds, when }) as const;
  const accountId = account.id;
  const regeneration = { operation: "regenerateKeys", accountId } as const;
  const trial = { operation: "dataPlane", accountId } as const;
  const write = { operation: "setVaultSecret", ...(vault && { vaultId: vault.id }) } as const;
  const injections: Record<Place, FaultInjection> = {
    "before its request was sent": { operation: "get", accountId, fault: delay("BeforeEffect") },
    "while its request was under way": { ...regeneration, fault: delay("BeforeEffect") },
    "after its key had changed": { ...regeneration, fault: delay("AfterEffect") },
    "while its new key was tried": { ...trial, fault: delay("BeforeEffect") },
    "before its key was written": { ...write, fault: delay("BeforeEffect") },
    "after its key was written": { ...write, fault: delay("AfterEffect") },
    "when it was finished": {
      ...(vault === undefined ? trial : write),
      fault: delay("AfterEffect", 0),
    },
  };
  return simulator.inject(injections[place]);
}

async function kill(
  engine: EngineFixture,
  { killed }: KilledStack,
  cli: number | undefined,
): Promise<void> {
  const pid = killed === "CLI" ? cli : (await engine.workspace.provider())?.pid;
  if (pid === undefined) throw new Error(`there was no ${killed} to kill`);
  process.kill(pid, "SIGKILL");
}

function weather({ simulator }: EngineFixture, { account, vault, weather }: History): void {
  const faults: Record<History["weather"], Fault | undefined> = {
    clear: undefined,
    throttled: {
      kind: "Error",
      status: 429,
      code: "SubscriptionRequestsThrottled",
      headers: { "Retry-After": "1" },
    },
    "answer lost": { kind: "Drop", when: "AfterEffect" },
    "request lost": { kind: "Drop", when: "BeforeEffect" },
  };
  const fault = faults[weather];
  if (fault === undefined) return;
  simulator.inject({ operation: "regenerateKeys", accountId: account.id, fault });
  if (vault) simulator.inject({ operation: "setVaultSecret", vaultId: vault.id, fault });
}

/** Knows what consumers hold, and asks the data plane. */
class Judge {
  /** By account: what was handed out last, and what its secret has held since. */
  #held: readonly (readonly string[])[];
  readonly #engine: EngineFixture;
  readonly #stack: KilledStack;
  readonly #histories: readonly History[];

  constructor(engine: EngineFixture, stack: KilledStack, histories: readonly History[]) {
    this.#engine = engine;
    this.#stack = stack;
    this.#histories = histories;
    this.#held = histories.map(() => []);
  }

  /** What was handed out before still works: consumers may not have moved yet. */
  async expectHeldKeysWork(when: string): Promise<void> {
    // A secret can be read at any time; state, only once the update has finished.
    const read = this.#histories.map((history) => inSecret(history) ?? []);
    this.#held = this.#held.map((held, index) => held.concat(read[index] ?? []));
    await this.#expectToWork(`${when}, a key that consumers hold`);
  }

  /** What the stack hands out works; consumers hold it from now on. */
  async expectCurrentKeysWork(when: string): Promise<void> {
    const current = await this.#handedOut();
    this.#held = current.map((key) => (key === undefined ? [] : [key]));
    if (current.includes(undefined)) throw this.#broken(`${when}, a current key is missing`);
    await this.#expectToWork(`${when}, the current key`);
  }

  /** No account's key was regenerated twice in a row once consumers held it. */
  expectAlternation(): void {
    for (const { account } of this.#histories) {
      const names = account.regenerations.map(({ keyName }) => keyName);
      const runs = names.filter((name, index) => name !== names[index - 1]);
      const expected: KeyName[] = ["Secondary", "Primary", "Secondary"];
      const rotations = this.#stack.during === "update" ? 3 : 2;
      if (runs.join() !== expected.slice(0, rotations).join()) {
        throw this.#broken(`keys were regenerated in the order ${names.join()}`);
      }
    }
  }

  /** No key is to be read anywhere; those that are in secrets, not even by who can decrypt state. */
  async expectNoSecrets(): Promise<void> {
    const showSecrets = this.#stack.keysIn === "secrets";
    const state = JSON.stringify(await this.#engine.workspace.stackExport({ showSecrets }));
    const secrets = this.#engine.secretsIn(state + this.#engine.printed);
    if (secrets > 0) throw this.#broken(`${String(secrets)} secrets stand in clear`);
  }

  async #handedOut(): Promise<(string | undefined)[]> {
    if (this.#stack.keysIn === "secrets") return this.#histories.map(inSecret);
    const outputs = await this.#engine.workspace.outputs({ showSecrets: true });
    const current = outputs["currentKeys"] as Record<string, string>;
    return this.#histories.map(({ account: { name } }) => current[name]);
  }

  async #expectToWork(what: string): Promise<void> {
    const { url, certificateAuthority } = this.#engine.simulator;
    await Promise.all(
      this.#histories.map(async ({ account: { name: accountName } }, index) => {
        const works = dataPlaneOf({ accountName, endpoint: url, certificateAuthority });
        for (const key of new Set(this.#held[index])) {
          if (!(await works(key))) throw this.#broken(`${what} of ${accountName} does not work`);
        }
      }),
    );
  }

  #broken(what: string): KeyLost {
    return new KeyLost(`${what}. The history: ${JSON.stringify(this.#stack, undefined, 2)}`);
  }
}

/** The newest enabled version of the secret: what applications read. */
function inSecret({ account, vault }: History): string | undefined {
  return vault
    ?.secretVersions(`${account.name}-key`)
    .findLast(({ attributes }) => attributes.enabled)?.value;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("the rotations did not come into their places");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
