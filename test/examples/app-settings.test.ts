import type { SimulatedAccount } from "../../simulator";
import { type AzureNative, startAzureNative } from "../azureNativeStandIn/startAzureNative";
import type { EngineFixture } from "../support/engineFixture";
import { startExample } from "./exampleStack";

jest.setTimeout(120_000);

let engine: EngineFixture;
let azureNative: AzureNative;
let account: SimulatedAccount;
let held: string;

beforeAll(async () => {
  engine = await startExample("app-settings");
  azureNative = await startAzureNative(engine.simulator);
  account = engine.newAccount("functions");
  held = account.keys().primary;
  const settings = {
    accountId: account.id,
    resourceGroupName: "group",
    appName: "app",
    storageAccountName: "storage",
  };
  for (const [name, value] of Object.entries(settings)) {
    await engine.workspace.setConfig(name, value);
  }
});
afterAll(async () => {
  azureNative.stop();
  await engine.stop();
});

const appId = () =>
  `/subscriptions/${engine.simulator.subscriptionId}/resourceGroups/group/providers/Microsoft.Web/sites/app`;
const appKey = () => String(azureNative.appSettings.of(appId())["BATCH_ACCOUNT_KEY"]);
const env = () => azureNative.environment;
const up = () => engine.keep(engine.workspace.up({ skipPreview: true, env: env() }));

test("the app gets the key that it has, and every other setting; no key changes", async () => {
  await up();
  expect(azureNative.appSettings.of(appId())).toEqual({
    AzureWebJobsStorage__accountName: "storage",
    FUNCTIONS_EXTENSION_VERSION: "~4",
    FUNCTIONS_WORKER_RUNTIME: "node",
    BATCH_ACCOUNT_NAME: "functions",
    BATCH_ACCOUNT_URL: engine.simulator.url,
    BATCH_ACCOUNT_KEY: held,
  });
  expect(account.regenerations).toEqual([]);
});

test("an edit of something else changes no setting", async () => {
  await engine.workspace.setConfig("unrelated", "value");
  const before = azureNative.calls.length;
  expect((await up()).stdout).toContain("3 unchanged");
  expect(azureNative.calls.slice(before)).toEqual([]);
});

test("a bump shows the settings in its preview, and changes nothing yet", async () => {
  await engine.workspace.setConfig("keyVersion", "2");
  const { stdout } = await engine.keep(engine.workspace.preview({ env: env() }));
  expect(stdout).toMatch(/~ +azure-native:web:WebAppApplicationSettings settings update/);
  expect(stdout).toContain("~ 2 to update");
  expect(appKey()).toBe(held);
});

test("one update rotates, and the app has a new key that works; so does the one that it had", async () => {
  await up();
  expect(account.regenerations).toMatchObject([{ keyName: "Secondary" }]);
  expect(appKey()).toBe(account.keys().secondary);
  expect([appKey(), held].map((key) => account.accepts(key))).toEqual([true, true]);
});

test("no key stands in state in clear, nor in what was printed", async () => {
  const state = JSON.stringify(await engine.workspace.stackExport());
  expect(engine.secretsIn(state + engine.printed)).toBe(0);
});
