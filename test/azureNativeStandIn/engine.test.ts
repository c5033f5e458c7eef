import * as path from "node:path";
import { EngineFixture } from "../support/engineFixture";
import { type AzureNative, startAzureNative } from "./startAzureNative";

/* azure-native's stand-in under Pulumi's own engine, on a stack of one resource of each type. */

jest.setTimeout(120_000);

const FIRST_VALUE = "first value of the secret";
const SECOND_VALUE = "second value of the secret";

let engine: EngineFixture;
let azureNative: AzureNative;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "project") });
  azureNative = await startAzureNative(engine.simulator);
  await engine.workspace.setConfig("value", FIRST_VALUE, { secret: true });
});
afterAll(async () => {
  azureNative.stop();
  await engine.stop();
});

const up = () => engine.workspace.up({ skipPreview: true, env: azureNative.environment });

/** The stand-in's calls that an action causes. */
async function callsOf(action: () => Promise<unknown>): Promise<string[]> {
  const before = azureNative.calls.length;
  await action();
  return azureNative.calls.slice(before);
}

/** The outputs as the tests read them; one that is not there makes the test fail. */
async function outputs() {
  const all = (await engine.workspace.outputs()) as Partial<Record<string, string>>;
  return {
    accountId: all["accountId"] ?? "",
    vaultName: all["vaultName"] ?? "",
    secretUri: all["secretUri"] ?? "",
    secretUriWithVersion: all["secretUriWithVersion"] ?? "",
    ...all,
  };
}

test("a preview of new resources sends no request and knows no id and no computed output", async () => {
  let text = "";
  const requests = await engine.requestsOf(async () => {
    const result = await engine.workspace.preview({ diff: true, env: azureNative.environment });
    text = result.stdout;
  });
  expect(requests).toEqual([]);
  expect(azureNative.calls).toEqual([]);
  expect(text).toMatch(/\+ 5 to create/);
  expect(text).toMatch(/resourceGroupName\s*: "group[0-9a-f]{8}"/);
  for (const output of ["accountId", "accountEndpoint", "secretUri", "expires"]) {
    expect(text).toMatch(new RegExp(`${output}\\s*: \\[unknown\\]`));
  }
  expect(text).not.toContain(FIRST_VALUE);
});

test("up creates in the order of the dependencies, with names and locations of its own", async () => {
  const requests = await engine.requestsOf(up);
  expect(azureNative.calls).toEqual([
    "create azure-native:resources:ResourceGroup group",
    "create azure-native:batch:BatchAccount account",
    "create azure-native:keyvault:Vault vault",
    "create azure-native:keyvault:Secret secret",
  ]);
  expect(requests.filter((request) => /^(create|put|operationResult)/.test(request))).toEqual([
    "putResourceGroup",
    "create",
    "operationResult",
    "putVault",
    "putSecret",
  ]);
  const made = await outputs();
  const account = engine.simulator.account(made.accountId);
  expect(account.name).toMatch(/^account[0-9a-f]{8}$/);
  expect(account.resourceGroupName).toMatch(/^group[0-9a-f]{8}$/);
  expect(account.location).toBe("westeurope");
  expect(made).toMatchObject({
    accountName: account.name,
    accountEndpoint: new URL(engine.simulator.url).host,
    secretUri: `${engine.simulator.vault(made.vaultName).uri}secrets/batch-key`,
    expires: 2_000_000_000,
  });
  expect(engine.simulator.vault(made.vaultName).secretVersions("batch-key")).toMatchObject([
    {
      value: FIRST_VALUE,
      contentType: "text/plain",
      attributes: { enabled: true, exp: 2_000_000_000 },
    },
  ]);
});

test("state holds the secret's value encrypted only", async () => {
  const encrypted = JSON.stringify(await engine.workspace.stackExport());
  expect(encrypted).not.toContain(FIRST_VALUE);
  const decrypted = JSON.stringify(await engine.workspace.stackExport({ showSecrets: true }));
  expect(decrypted).toContain(FIRST_VALUE);
});

test("an up without changes leaves everything alone", async () => {
  const requests = await engine.requestsOf(async () => {
    expect((await up()).stdout).toContain("5 unchanged");
  });
  expect(requests).toEqual([]);
});

test("a refresh finds what has changed in Azure, and up puts it right", async () => {
  const { accountId } = await outputs();
  engine.simulator.account(accountId).update({ tags: { team: "somebody else's" } });
  const { stdout } = await engine.workspace.refresh({ env: azureNative.environment });
  expect(stdout).toContain("~ 1 updated");
  expect(await callsOf(up)).toEqual(["update azure-native:batch:BatchAccount account"]);
  expect(engine.simulator.account(accountId).resource().tags).toEqual({ team: "batch" });
});

test("a changed value updates the secret alone, to a new version", async () => {
  const { vaultName, secretUriWithVersion } = await outputs();
  await engine.workspace.setConfig("value", SECOND_VALUE, { secret: true });
  expect(await callsOf(up)).toEqual(["update azure-native:keyvault:Secret secret"]);
  const vault = engine.simulator.vault(vaultName);
  expect(vault.secretVersions("batch-key").map(({ value }) => value)).toEqual([
    FIRST_VALUE,
    SECOND_VALUE,
  ]);
  expect((await outputs()).secretUriWithVersion).not.toBe(secretUriWithVersion);
});

test("a name of the program's own replaces the vault, and with it the secret", async () => {
  const { vaultName } = await outputs();
  await engine.workspace.setConfig("vaultName", "chosen");
  expect(await callsOf(up)).toEqual([
    "create azure-native:keyvault:Vault vault",
    // The secret's own name is fixed, so it makes room first.
    "delete azure-native:keyvault:Secret secret",
    "create azure-native:keyvault:Secret secret",
    "delete azure-native:keyvault:Vault vault",
  ]);
  expect(engine.simulator.vault("chosen").secretValue("batch-key")).toBe(SECOND_VALUE);
  expect(() => engine.simulator.vault(vaultName)).toThrow(/has no key vault/);
});

test("what Resource Manager refuses fails the up in its words", async () => {
  engine.simulator.inject({
    operation: "putSecret",
    fault: { kind: "Error", status: 403, code: "AuthorizationFailed", message: "Not you." },
  });
  await engine.workspace.setConfig("value", FIRST_VALUE, { secret: true });
  const { stdout } = await engine.workspace.up({
    skipPreview: true,
    expectFailure: true,
    env: azureNative.environment,
  });
  expect(stdout).toContain('Status=403 Code="AuthorizationFailed" Message="Not you."');
});

test("destroy removes everything, last made first", async () => {
  const { accountId } = await outputs();
  expect(await callsOf(() => engine.workspace.destroy({ env: azureNative.environment }))).toEqual([
    "delete azure-native:keyvault:Secret secret",
    "delete azure-native:keyvault:Vault vault",
    "delete azure-native:batch:BatchAccount account",
    "delete azure-native:resources:ResourceGroup group",
  ]);
  expect(() => engine.simulator.account(accountId)).toThrow(/has no Batch account/);
  expect(() => engine.simulator.vault("chosen")).toThrow(/has no key vault/);
});
