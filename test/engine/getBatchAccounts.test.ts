import * as path from "node:path";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";

/* The data source in a program under Pulumi's own engine. */

jest.setTimeout(120_000);

let engine: EngineFixture;
let account: SimulatedAccount;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "getBatchAccounts") });
  for (const [name, resourceGroupName] of [
    ["alpha", "first"],
    ["beta", "first"],
    ["gamma", "second"],
  ] as const) {
    engine.simulator.createAccount({ name, resourceGroupName });
  }
  account = engine.newAccount("delta");
  await engine.arguments({ accountId: account.id });
});
afterAll(() => engine.stop());

const ALL = ["alpha", "beta", "gamma", "delta"];

test("a preview lists the accounts, but not for arguments that it does not know yet", async () => {
  let text = "";
  const requests = await engine.requestsOf(async () => {
    text = (await engine.keep(engine.workspace.preview({ diff: true }))).stdout;
  });
  expect(requests).toEqual(["list", "list"]);
  for (const name of ALL) expect(text.split(`]: "${name}"`)).toHaveLength(3);
  expect(text).toMatch(/ofRotation: (\[unknown\]|output<string>)/);
});

test("an up lists them again, and for what it knows by then", async () => {
  await engine.keep(engine.workspace.up({ skipPreview: true }));
  expect(await engine.workspace.outputs()).toEqual({
    names: ALL,
    streamed: ALL,
    ofRotation: ["alpha", "beta"],
  });
});

test("credentials in the stack's secret configuration serve the list, and no failure prints them or a stack", async () => {
  const { clientSecret } = engine.simulator;
  await engine.workspace.pulumi([
    "config",
    "set",
    "--secret",
    "azure-native:clientSecret",
    "wrong",
  ]);
  const refused = await engine.keep(
    engine.workspace.up({ skipPreview: true, expectFailure: true }),
  );
  expect(refused.stdout).toMatch(/error: could not sign in to Azure .* to tenant .*AADSTS7000215/);
  expect(refused.stdout).not.toMatch(/unhandled exception|at .*\.js:\d+/);
  await engine.workspace.pulumi([
    ...["config", "set", "--secret", "azure-native:clientSecret"],
    clientSecret,
  ]);
  await engine.keep(engine.workspace.up({ skipPreview: true }));
  expect(engine.secretsIn(engine.printed)).toBe(0);
});
