import type { CommandResult } from "../../dev/workspace/command";
import type { SimulatedAccount } from "../../simulator";
import type { EngineFixture } from "../support/engineFixture";
import { startExample } from "./exampleStack";

jest.setTimeout(180_000);

let engine: EngineFixture;

beforeAll(async () => {
  engine = await startExample("subscription");
});
afterAll(() => engine.stop());

function createAccount(name: string, more: object = {}): SimulatedAccount {
  return engine.simulator.account(engine.simulator.createAccount({ name, ...more }));
}

/** One step after the other, the account that fails first: all others come after the failure. */
function up({ expectFailure = false } = {}): Promise<CommandResult> {
  const args = ["up", "--yes", "--skip-preview", "--continue-on-error", "--parallel=1"];
  return engine.workspace.pulumi(args, { expectFailure });
}

/** The keys regenerated, per account. */
function rotationsOf(accounts: readonly SimulatedAccount[]): string[][] {
  return accounts.map(({ regenerations }) => regenerations.map(({ keyName }) => keyName));
}

let second: SimulatedAccount;
let third: SimulatedAccount;

test("rotates what is tagged, whatever fails beside it, and nothing else", async () => {
  const tags = { rotateKeys: "true" };
  const locked = createAccount("locked", { tags });
  second = createAccount("second", { tags });
  third = createAccount("third", { tags, resourceGroupName: "elsewhere" });
  const untagged = createAccount("untagged", { tags: { rotateKeys: "false" } });
  const entraOnly = createAccount("entraonly", { tags, allowedAuthenticationModes: ["AAD"] });
  const everyAccount = [locked, second, third, untagged, entraOnly];
  const held = [locked, second, third].map((account) => account.keys().primary);

  const { stdout } = await engine.workspace.preview();
  expect(stdout).toMatch(/\+ 5 to create/);
  await up();
  expect(await engine.workspace.outputs()).toEqual({
    rotated: expect.arrayContaining([locked.id, second.id, third.id]) as string[],
    skipped: [
      { accountId: entraOnly.id, reason: expect.stringContaining("shared keys") as string },
    ],
  });
  expect(rotationsOf(everyAccount)).toEqual([[], [], [], [], []]);

  locked.locked = true;
  await engine.workspace.setConfig("keyVersion", "2");
  const failed = await up({ expectFailure: true });
  expect(failed.stdout).toContain("ScopeLocked");
  expect(rotationsOf(everyAccount)).toEqual([[], ["Secondary"], ["Secondary"], [], []]);

  locked.locked = false;
  await up();
  expect(rotationsOf(everyAccount)).toEqual([["Secondary"], ["Secondary"], ["Secondary"], [], []]);
  const accepted = [locked, second, third].map((account, n) => account.accepts(held[n] ?? ""));
  expect(accepted).toEqual([true, true, true]);
});

test("an account that is tagged later is adopted, one without the tag is let go, no key changes", async () => {
  const later = createAccount("later", { tags: { rotateKeys: "true" } });
  second.update({ tags: {} });
  const before = [later.keys(), second.keys()];
  const { stdout } = await up();
  expect(stdout).toMatch(/\+ 1 created/);
  expect(stdout).toMatch(/- 1 deleted/);
  expect([later.keys(), second.keys()]).toEqual(before);
});

test("destroy leaves the accounts and their keys alone", async () => {
  const before = third.keys();
  await engine.workspace.destroy();
  expect(third.keys()).toEqual(before);
});
