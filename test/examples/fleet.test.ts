import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { killProcesses } from "../../dev/workspace/processes";
import type { SimulatedAccount } from "../../simulator";
import type { EngineFixture } from "../support/engineFixture";
import { EXAMPLES, runInProject, startExample } from "./exampleStack";

jest.setTimeout(300_000);

let engine: EngineFixture;
/** Three subscriptions with two accounts each. */
const subscriptions = Array.from({ length: 3 }, () => randomUUID());
let accounts: SimulatedAccount[];

beforeAll(async () => {
  engine = await startExample("fleet");
  accounts = subscriptions.flatMap((subscriptionId, index) =>
    ["one", "two"].map((name) => newAccount(`${name}${String(index)}`, subscriptionId)),
  );
  await writeSubscriptions(subscriptions);
});
afterAll(() => engine.stop());

function newAccount(name: string, subscriptionId: string): SimulatedAccount {
  const { simulator } = engine;
  return simulator.account(simulator.createAccount({ name, subscriptionId }));
}

function account(name: string): SimulatedAccount {
  const found = accounts.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no account ${name}`);
  return found;
}

async function writeSubscriptions(ids: readonly string[]): Promise<void> {
  const file = path.join(engine.workspace.projectFolder, "subscriptions.json");
  await fs.writeFile(file, JSON.stringify(ids.map((id) => ({ id, stacks: 1 }))));
}

interface Run {
  readonly exitCode: number;
  readonly printed: string;
}

/** Runs a command in a fresh checkout, as on a runner: without what earlier runs have written. */
async function run(command: string, args: readonly string[]): Promise<Run> {
  const { projectFolder } = engine.workspace;
  for (const file of await fs.readdir(projectFolder)) {
    if (!/^(Pulumi\..+\.yaml|rotations)$/.test(file)) continue;
    await fs.rm(path.join(projectFolder, file), { recursive: true });
  }
  const ended = await runInProject(engine, command, args).then(
    (result) => ({ code: 0, ...result }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
  for (const each of accounts) engine.rememberKeys(each);
  const printed = ended.stdout + ended.stderr;
  expect(engine.secretsIn(printed)).toBe(0);
  return { exitCode: ended.code, printed };
}

const fleet = (...args: string[]) => run("node_modules/.bin/tsx", ["fleet.ts", ...args]);

/** How often each account's keys were regenerated. */
const regenerations = () => accounts.map((each) => each.regenerations.length);

/** The version of an account in a stack's state; undefined while Pulumi writes that. */
async function versionInState(stack: string, name: string): Promise<unknown> {
  const { stdout } = await engine.workspace
    .pulumi(["stack", "export", "--stack", stack])
    .catch(() => ({ stdout: "" }));
  return new RegExp(`::${name}\\.westeurope"[^]*?"version": (\\d+)`).exec(stdout)?.[1];
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(200);
}

test("adopts, and after a kill in the middle goes on until each account is rotated once", async () => {
  const adopted = await fleet("--version", "1");
  expect(adopted).toMatchObject({ exitCode: 0 });
  expect(adopted.printed).toMatch(/^6 adopted$/m);
  expect(regenerations()).toEqual([0, 0, 0, 0, 0, 0]);
  const held = accounts.map((each) => each.keys().primary);

  // Of two subscriptions, one account is rotated and the other is about to be when all is killed.
  const faults = ["two1", "two2"].map((name) =>
    engine.simulator.inject({
      operation: "get",
      accountId: account(name).id,
      fault: { kind: "Delay", milliseconds: 300_000, when: "BeforeEffect" },
    }),
  );
  const killed = fleet("--version", "2");
  await until(async () => {
    const versions = ["one0", "two0", "one1", "one2"].map((name) =>
      versionInState(`${String(subscriptions[Number(name.at(-1))])}-1`, name),
    );
    return (await Promise.all(versions)).every((version) => version === "2");
  });
  await until(() => Promise.resolve(faults.every(({ hits }) => hits > 0)));
  await killProcesses(engine.workspace.environment["PULUMI_HOME"] ?? "");
  await killed;
  for (const fault of faults) fault.remove();
  expect(regenerations()).toEqual([1, 1, 1, 0, 1, 0]);

  const locked = await fleet("--version", "2");
  expect(locked.exitCode).toBe(1);
  const unlock = [...locked.printed.matchAll(/run "pulumi (cancel --yes \S+)"/g)];
  expect(unlock).toHaveLength(2);
  for (const [, command = ""] of unlock) await engine.workspace.pulumi(command.split(" "));

  const second = await fleet("--version", "2");
  expect(second.printed).toMatch(/^2 rotated, 4 unchanged$/m);
  expect(second.exitCode).toBe(0);
  expect(regenerations()).toEqual([1, 1, 1, 1, 1, 1]);
  const works = accounts.map((each, index) => each.accepts(held[index] ?? ""));
  expect(works).toEqual([true, true, true, true, true, true]);
});

test("what fails is reported with the exit code, what is gone or moved keeps its stack, and all else is rotated", async () => {
  const [first = "", , last = ""] = subscriptions;
  const unknown = randomUUID();
  const [moved, unlisted] = [account("one2"), account("two1")];
  const held = [moved, unlisted].map((each) => each.keys().secondary); // of version 2
  account("one0").locked = true;
  account("one1").deniedActions.add("Microsoft.Batch/batchAccounts/regenerateKeys/action");
  engine.simulator.moveAccount(moved.id, { subscriptionId: first });
  unlisted.listed = false;
  newAccount("entraonly", last).update({ properties: { allowedAuthenticationModes: ["AAD"] } });
  await writeSubscriptions([...subscriptions, unknown]);

  const { exitCode, printed } = await fleet("--version", "3", "--parallel", "2");
  expect(exitCode).toBe(1);
  expect(printed).toMatch(/^3 rotated, 1 skipped, 4 failed$/m);
  expect(printed).toMatch(/failed: one0\.westeurope: error: .*ScopeLocked/);
  expect(printed).toMatch(/failed: one1\.westeurope: error: .*AuthorizationFailed/);
  expect(printed).toMatch(/failed: two1\.westeurope: no list has it, so it stays/);
  expect(printed).toMatch(new RegExp(`failed: ${unknown}: .*SubscriptionNotFound`));
  expect(printed).toContain("skipped: entraonly.westeurope: it does not allow shared keys");
  expect(regenerations()).toEqual([1, 2, 1, 1, 2, 2]);

  // Two of them are in order again: the job of their subscription goes on.
  account("one1").deniedActions.clear();
  unlisted.listed = true;
  expect(await runWorkflow("3", unlisted.subscriptionId)).toMatch(/^2 rotated$/m);
  expect(regenerations()).toEqual([1, 2, 2, 2, 2, 2]);
  const works = [moved, unlisted].map((each, index) => each.accepts(held[index] ?? ""));
  expect(works).toEqual([true, true]);
});

/** The step of the workflow that rotates, run by a shell as GitHub runs it, signed in by OIDC. */
async function runWorkflow(version: string, subscription: string): Promise<string> {
  const file = path.join(EXAMPLES, "fleet/.github/workflows/rotate.yml");
  const workflow = await fs.readFile(file, "utf8");
  const command = /- run: (npx tsx .*)/.exec(workflow)?.[1] ?? "false";
  const { environment, projectFolder } = engine.workspace;
  const { stdout } = await promisify(execFile)("bash", ["-e", "-c", command], {
    cwd: projectFolder,
    env: {
      ...environment,
      ...engine.simulator.githubActionsEnvironment(),
      ARM_CLIENT_SECRET: undefined,
      ARM_USE_OIDC: "true",
      VERSION: version,
      SUBSCRIPTION: subscription,
    },
  });
  return stdout;
}

test("after an update in which one account failed, no key that the outputs name is regenerated", async () => {
  const [first = ""] = subscriptions;
  const stack = `${first}-1`;
  await writeSubscriptions(subscriptions);

  const next = await fleet("--version", "4");
  expect(next.exitCode).toBe(1);
  expect(next.printed).toMatch(
    new RegExp(`failed: ${stack}: its last update did not finish, .* Run --version 3 until`),
  );
  expect(next.printed).toMatch(/^4 rotated, 1 skipped, 1 failed$/m);
  expect(regenerations()).toEqual([1, 2, 3, 3, 3, 3]);
  expect(await whoseKeyWorks(stack)).toEqual({ one0: true, two0: true });

  account("one0").locked = false;
  const finished = await fleet("--version", "3");
  expect(finished.printed).toMatch(/^1 rotated, 1 unchanged, 2 skipped$/m);
  expect(finished.exitCode).toBe(0);
  expect(await fleet("--version", "4", "--subscription", first)).toMatchObject({ exitCode: 0 });
  expect(regenerations()).toEqual([3, 3, 3, 3, 3, 3]);
  expect(await whoseKeyWorks(stack)).toEqual({ one0: true, two0: true });
});

/** Whether the key that a stack's outputs name works, of each account. */
async function whoseKeyWorks(stack: string): Promise<Record<string, boolean>> {
  const args = ["stack", "output", "currentKeys", "--json", "--show-secrets", "--stack", stack];
  const { stdout } = await engine.workspace.pulumi(args);
  const keys = Object.entries(JSON.parse(stdout) as Record<string, string>);
  return Object.fromEntries(
    keys.map(([id, key]) => {
      const found = engine.simulator.account(id);
      return [found.name, found.accepts(key)];
    }),
  );
}

test("a run for all misses accounts until a refresh finds them deleted, and subscriptions until they are back", async () => {
  const [first = "", , last = ""] = subscriptions;
  account("two0").delete();
  await writeSubscriptions(subscriptions.slice(0, -1));

  const { exitCode, printed } = await fleet("--version", "4");
  expect(exitCode).toBe(1);
  expect(printed).toMatch(/^3 unchanged, 3 failed$/m);
  expect(printed).toMatch(new RegExp(`failed: two2.*${last}-1 .*not in subscriptions.json: put`));
  const [, command = ""] = /failed: two0\..*"pulumi (refresh [^"]+)"/.exec(printed) ?? [];
  await engine.workspace.pulumi(command.split(" "));
  const after = await fleet("--version", "4", "--subscription", first);
  expect(after.printed).toMatch(/^1 unchanged, 1 skipped$/m);
  expect(after.exitCode).toBe(0);
});

test("bad arguments are refused before anything changes", async () => {
  const before = regenerations();
  const { exitCode, printed } = await fleet("--version", "two");
  expect(exitCode).toBe(1);
  expect(printed).toBe('--version is "two": use a whole number from 1 to 9007199254740991\n');
  expect(regenerations()).toEqual(before);
});

test("a stack that cannot be read is named, such as one that is removed after it was listed", async () => {
  const script = 'require("./stacks").readState("removed")';
  const { exitCode, printed } = await run("node_modules/.bin/tsx", ["--eval", script]);
  expect(exitCode).toBe(1);
  expect(printed).toMatch(/Error: stack removed cannot be read: .*no stack named 'removed' found/s);
});
