import { type AzureNative, startAzureNative } from "../azureNativeStandIn/startAzureNative";
import type { EngineFixture } from "../support/engineFixture";
import { outputsOf, startExample } from "./exampleStack";

jest.setTimeout(180_000);

let engine: EngineFixture;
let azureNative: AzureNative;

beforeAll(async () => {
  engine = await startExample("vault-only");
  azureNative = await startAzureNative(engine.simulator);
  await engine.workspace.setConfig("azure-native:location", "westeurope");
});
afterAll(async () => {
  azureNative.stop();
  await engine.stop();
});

const up = () =>
  engine.keep(engine.workspace.up({ skipPreview: true, env: azureNative.environment }));

/** The account and the versions of its key in the vault, found from what the stack gives out. */
async function whatThereIs() {
  const { accountId = "", secretUri = "" } = await outputsOf(engine);
  const { deployment } = await engine.workspace.stackExport();
  const made = deployment.resources?.find(({ type }) => type === "azure-native:keyvault:Vault");
  const vault = engine.simulator.vault(String(made?.outputs?.["name"]));
  const [, secretName = ""] = secretUri.split(`${vault.uri}secrets/`);
  const account = engine.simulator.account(accountId);
  return { account, vault, keys: vault.secretVersions(secretName).map(({ value }) => value) };
}

test("the first preview works when there is nothing in Azure yet", async () => {
  const requests = await engine.requestsOf(async () => {
    const { stdout } = await engine.workspace.preview({ env: azureNative.environment });
    expect(stdout).toMatch(/\+ 6 to create/);
  });
  expect(requests).toEqual([]);
});

test("up makes all of it, the role before the key that it is needed for, and the key works", async () => {
  await up();
  const { account, keys } = await whatThereIs();
  expect(keys).toEqual([account.keys().secondary]);
  expect(account.accepts(account.keys().secondary)).toBe(true);
});

test("a bump makes a new version of the secret, and the key of the old one still works", async () => {
  await engine.workspace.setConfig("keyVersion", "2");
  await up();
  const { account, keys } = await whatThereIs();
  expect(keys).toEqual([account.keys().secondary, account.keys().primary]);
  expect(keys.map((key) => account.accepts(key))).toEqual([true, true]);
});

test("no key is in the exported state, not even decrypted, nor in what was printed", async () => {
  const state = JSON.stringify(await engine.workspace.stackExport({ showSecrets: true }));
  const { account, keys } = await whatThereIs();
  for (const key of [...keys, account.keys().primary, account.keys().secondary]) {
    expect(state).not.toContain(key);
    expect(engine.printed).not.toContain(key);
  }
});

test("destroy removes all of it", async () => {
  const { account, vault } = await whatThereIs();
  await engine.workspace.destroy({ env: azureNative.environment });
  expect(account.exists).toBe(false);
  expect(() => engine.simulator.vault(vault.name)).toThrow(/no key vault/);
});
