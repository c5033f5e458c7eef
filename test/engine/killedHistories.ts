import * as path from "node:path";
import fc from "fast-check";
import { dataPlaneOf } from "../../dev/demo/dataPlane";
import type { FaultInjection, InjectedFault, KeyName, SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";

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
type Place = (typeof PLACES)[number];

/** What becomes of the first request of the update after the kill. */
const WEATHER = ["clear", "throttled", "answer lost", "request lost"] as const;

/** What is killed, and when, with the place and the weather of each of the stack's rotations. */
export interface KilledStack {
  readonly killed: "CLI" | "provider";
  readonly during: "create" | "update";
  /** Milliseconds from when every rotation is in its place. */
  readonly after: number;
  readonly rotations: readonly {
    readonly place: Place;
    readonly weather: (typeof WEATHER)[number];
  }[];
}

/** Stacks in the order in which they are run: every kind of kill at both times, in turn. */
export function killedStacks(seed: number, stacks: number, rotations: number): KilledStack[] {
  const rotation = fc.record({
    place: fc.constantFrom(...PLACES),
    weather: fc.constantFrom(...WEATHER),
  });
  const stack = fc.record({
    after: fc.integer({ min: 0, max: 200 }),
    rotations: fc.array(rotation, { minLength: rotations, maxLength: rotations }),
  });
  return fc.sample(stack, { seed, numRuns: stacks }).map((drawn, index) => ({
    killed: index % 2 === 0 ? "CLI" : "provider",
    during: index % 4 < 2 ? "update" : "create",
    ...drawn,
  }));
}

/** A history that broke the promise. */
export class KeyLost extends Error {}

/** Runs one stack's histories. Throws KeyLost, with the history, when a key does not work. */
export async function runKilledStack(stack: KilledStack): Promise<void> {
  const engine = await EngineFixture.start({
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
  const accounts = stack.rotations.map((_, index) => engine.newAccount(`account${String(index)}`));
  const judge = new Judge(engine, stack, accounts);
  let version = 1;
  if (stack.during === "update") {
    await engine.up(argumentsOf(accounts, version));
    await judge.expectCurrentKeysWork("after the first update");
    version += 1;
  }

  const faults = accounts.map((account, index) => hold(engine, account, stack, index));
  await engine.arguments(argumentsOf(accounts, version));
  const update = engine.workspace.start(["up", "--yes", "--skip-preview"]);
  await until(() => faults.every(({ hits }) => hits > 0));
  await new Promise((resolve) => setTimeout(resolve, stack.after));
  await kill(engine, stack, update.process.pid);
  await engine.keep(update.completion);
  await judge.expectHeldKeysWork("after the kill");
  for (const fault of faults) fault.remove();

  await cancel(engine);
  weather(engine, accounts, stack);
  await engine.up(argumentsOf(accounts, version));
  await judge.expectHeldKeysWork("after the update that followed");
  await judge.expectCurrentKeysWork("after the update that followed");

  await engine.up(argumentsOf(accounts, version + 1));
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

function argumentsOf(accounts: readonly SimulatedAccount[], version: number): object {
  return Object.fromEntries(accounts.map(({ id, name }) => [name, { accountId: id, version }]));
}

/** Makes one account's rotation stop in its place until the process is killed. */
function hold(
  { simulator }: EngineFixture,
  { id: accountId }: SimulatedAccount,
  { rotations }: KilledStack,
  index: number,
): InjectedFault {
  const delay = (when: "BeforeEffect" | "AfterEffect") =>
    ({ kind: "Delay", milliseconds: 1_500, when }) as const;
  const injections: Record<Place, Omit<FaultInjection, "accountId">> = {
    "before its request was sent": { operation: "get", fault: delay("BeforeEffect") },
    "while its request was under way": {
      operation: "regenerateKeys",
      fault: delay("BeforeEffect"),
    },
    "after its key had changed": { operation: "regenerateKeys", fault: delay("AfterEffect") },
    "while its new key was tried": { operation: "dataPlane", fault: delay("BeforeEffect") },
    "when it was finished": {
      operation: "dataPlane",
      fault: { kind: "Delay", milliseconds: 0, when: "AfterEffect" },
    },
  };
  const place = rotations[index]?.place ?? PLACES[0];
  return simulator.inject({ ...injections[place], accountId });
}

async function kill(
  engine: EngineFixture,
  { killed }: KilledStack,
  cli: number | undefined,
): Promise<void> {
  const pid = killed === "CLI" ? cli : (await engine.workspace.dynamicProvider())?.pid;
  if (pid === undefined) throw new Error(`there was no ${killed} to kill`);
  process.kill(pid, "SIGKILL");
}

function weather(
  { simulator }: EngineFixture,
  accounts: readonly SimulatedAccount[],
  { rotations }: KilledStack,
): void {
  const operation = "regenerateKeys";
  accounts.forEach(({ id: accountId }, index) => {
    switch (rotations[index]?.weather) {
      case "throttled":
        simulator.inject({
          operation,
          accountId,
          fault: {
            kind: "Error",
            status: 429,
            code: "SubscriptionRequestsThrottled",
            headers: { "Retry-After": "1" },
          },
        });
        break;
      case "answer lost":
        simulator.inject({ operation, accountId, fault: { kind: "Drop", when: "AfterEffect" } });
        break;
      case "request lost":
        simulator.inject({ operation, accountId, fault: { kind: "Drop", when: "BeforeEffect" } });
    }
  });
}

/** Knows what consumers hold, and asks the data plane. */
class Judge {
  /** The current keys of the last update that finished. */
  #held: readonly (string | undefined)[] = [];
  readonly #engine: EngineFixture;
  readonly #stack: KilledStack;
  readonly #accounts: readonly SimulatedAccount[];

  constructor(engine: EngineFixture, stack: KilledStack, accounts: readonly SimulatedAccount[]) {
    this.#engine = engine;
    this.#stack = stack;
    this.#accounts = accounts;
  }

  /** What was handed out before still works: consumers may not have moved yet. */
  async expectHeldKeysWork(when: string): Promise<void> {
    await this.#expectToWork(this.#held, `${when}, the key that consumers hold`);
  }

  /** What the stack hands out works; consumers hold it from now on. */
  async expectCurrentKeysWork(when: string): Promise<void> {
    const outputs = await this.#engine.workspace.outputs({ showSecrets: true });
    const current = outputs["currentKeys"] as Record<string, string>;
    this.#held = this.#accounts.map(({ name }) => current[name]);
    if (this.#held.includes(undefined)) throw this.#broken(`${when}, a current key is missing`);
    await this.#expectToWork(this.#held, `${when}, the current key`);
  }

  /** No account's key was regenerated twice in a row once consumers held it. */
  expectAlternation(): void {
    for (const { regenerations } of this.#accounts) {
      const names = regenerations.map(({ keyName }) => keyName);
      const runs = names.filter((name, index) => name !== names[index - 1]);
      const expected: KeyName[] = ["Secondary", "Primary", "Secondary"];
      const rotations = this.#stack.during === "update" ? 3 : 2;
      if (runs.join() !== expected.slice(0, rotations).join()) {
        throw this.#broken(`keys were regenerated in the order ${names.join()}`);
      }
    }
  }

  async expectNoSecrets(): Promise<void> {
    const state = JSON.stringify(await this.#engine.workspace.stackExport());
    const secrets = this.#engine.secretsIn(state + this.#engine.printed);
    if (secrets > 0) throw this.#broken(`${String(secrets)} secrets stand in clear`);
  }

  async #expectToWork(keys: readonly (string | undefined)[], what: string): Promise<void> {
    for (const account of this.#accounts) this.#engine.rememberKeys(account);
    const { url, certificateAuthority } = this.#engine.simulator;
    await Promise.all(
      keys.map(async (key, index) => {
        const account = this.#accounts[index];
        if (key === undefined || account === undefined) return;
        const accountName = account.name;
        const works = dataPlaneOf({ accountName, endpoint: url, certificateAuthority });
        if (!(await works(key))) throw this.#broken(`${what} of ${accountName} does not work`);
      }),
    );
  }

  #broken(what: string): KeyLost {
    return new KeyLost(`${what}. The history: ${JSON.stringify(this.#stack, undefined, 2)}`);
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("the rotations did not come into their places");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
