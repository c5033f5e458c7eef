import type { SimulatedAccount } from "../../simulator";
import { outputsOf, runInProject, startExample } from "../examples/exampleStack";
import { codeBlocks, read } from "../package/documents";
import type { EngineFixture } from "../support/engineFixture";

/* The commands of docs/guides/after-a-leak.md, as they stand there, on the first program. */

jest.setTimeout(180_000);

const [HURRY = "", BACK = "", WHICH = "", OTHER = "", ...MORE] = codeBlocks(
  "sh",
  read("docs/guides/after-a-leak.md"),
);

let engine: EngineFixture;
let account: SimulatedAccount;

beforeAll(async () => {
  engine = await startExample("quickstart");
  account = engine.newAccount("leaked");
  await engine.workspace.setConfig("accountId", account.id);
  await engine.workspace.up({ skipPreview: true });
  await engine.workspace.setConfig("keyVersion", "2");
  await engine.workspace.up({ skipPreview: true });
});
afterAll(() => engine.stop());

async function typed(commands: string): Promise<string> {
  // What a person would answer with "yes".
  const script = `set -e\nexport PULUMI_SKIP_CONFIRMATIONS=true\n${commands}`;
  return (await runInProject(engine, "sh", ["-c", script])).stdout;
}

function regenerated(): string[] {
  return account.regenerations.map(({ keyName }) => keyName);
}

test("in a hurry: both keys change, and the one that is printed works", async () => {
  const leaked = account.keys();
  const printed = await typed(HURRY);
  expect(printed).toMatch(/^2\n/);
  expect(printed).toMatch(/keyToRotate\s*: "Secondary" => "Both"/);
  expect(regenerated().slice(1)).toEqual(["Secondary", "Primary"]);
  expect(account.accepts(leaked.primary)).toBe(false);
  expect(account.accepts(leaked.secondary)).toBe(false);
  expect(account.accepts(printed.trim().split("\n").at(-1) ?? "")).toBe(true);
});

test("back to ordinary rotations: no key changes", async () => {
  const before = regenerated();
  await typed(BACK);
  expect(regenerated()).toEqual(before);
});

test("the other key: it changes, and the current one goes on working", async () => {
  const { currentKey: held = "" } = await outputsOf(engine);
  expect(await typed(WHICH)).toBe("Primary\n");
  expect(await typed(OTHER)).toMatch(/keyToRotate\s*: "Both" => "Secondary"/);
  expect(regenerated().slice(3)).toEqual(["Secondary"]);
  expect(account.accepts(held)).toBe(true);
});

test("these are all the commands that the guide shows", () => {
  expect(MORE).toEqual([]);
});
