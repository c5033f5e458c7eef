import type { Simulator } from "../../simulator";
import { closeSimulators, type PlainResponse, sendSigned, simulate } from "./simulatorAndClients";

afterEach(closeSimulators);

/** Requests under one resource group, with a body where there is one to send. */
async function keyVaults() {
  const simulator = await simulate();
  const vault = simulator.createVault({ name: "Vault", resourceGroupName: "rg" });
  const send = (method: string, path: string, body?: object): Promise<PlainResponse> =>
    sendSigned(simulator, address(simulator, path), {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
  const putSecret = (name: string, value: string, more: object = {}) =>
    send("PUT", `vaults/vault/secrets/${name}`, { properties: { value, ...more } });
  return { simulator, vault, send, putSecret };
}

function address({ subscriptionId }: Simulator, path: string): string {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
  return `${group}/providers/Microsoft.KeyVault/${path}?api-version=2024-11-01`;
}

test("vaults are made, found, listed, changed and deleted", async () => {
  const { simulator, send } = await keyVaults();
  const properties = { tenantId: simulator.tenantId, sku: { family: "A", name: "premium" } };
  const other = { name: "other", location: "eastus", tags: { a: "b" }, properties };
  expect(await send("PUT", "vaults/other", other)).toMatchObject({
    status: 201,
    body: {
      ...other,
      type: "Microsoft.KeyVault/vaults",
      properties: {
        ...properties,
        vaultUri: expect.stringMatching(/^https:\/\/localhost:\d+\/$/) as string,
        provisioningState: "Succeeded",
      },
    },
  });
  const changed = { ...other, tags: { a: "c" } };
  expect(await send("PUT", "vaults/OTHER", changed)).toMatchObject({ status: 200, body: changed });
  expect(await send("GET", "vaults/other")).toMatchObject({ status: 200, body: changed });
  expect(await send("GET", "vaults")).toMatchObject({
    body: { value: [{ name: "Vault" }, { name: "other" }] },
  });
  expect(await send("DELETE", "vaults/other")).toMatchObject({ status: 200 });
  expect(await send("DELETE", "vaults/other")).toMatchObject({ status: 204 });
  expect(await send("GET", "vaults/other")).toMatchObject({
    status: 404,
    body: { error: { code: "ResourceNotFound" } },
  });
});

test.each(["v", "1vault", "vault-", "va--ult", "v".repeat(25)])(
  "a vault cannot be named %s",
  async (name) => {
    const { send } = await keyVaults();
    expect(await send("PUT", `vaults/${name}`, { location: "eastus" })).toMatchObject({
      status: 400,
      body: { error: { code: "VaultNameNotValid" } },
    });
  },
);

test("a vault's name is taken for every resource group, and free again after its group", async () => {
  const { simulator, send } = await keyVaults();
  simulator.createVault({ name: "elsewhere", resourceGroupName: "rg2" });
  expect(() => simulator.createVault({ name: "VAULT" })).toThrow(/already has a key vault/);
  expect(await send("PUT", "vaults/elsewhere", { location: "eastus" })).toMatchObject({
    status: 409,
    body: { error: { code: "VaultAlreadyExists" } },
  });
  expect(await send("GET", "vaults/elsewhere")).toMatchObject({ status: 404 });
  const group = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg2`;
  await sendSigned(simulator, `${group}?api-version=2021-04-01`, { method: "DELETE" });
  expect(() => simulator.vault("elsewhere")).toThrow(/has no key vault/);
  expect(simulator.vault("vault").name).toBe("Vault");
});

test("every PUT of a secret makes a version, and no answer holds the value", async () => {
  const { vault, send, putSecret } = await keyVaults();
  const attributes = { exp: 2_000_000_000, nbf: 1_000_000_000 };
  const answers = [
    await putSecret("key", "one", { contentType: "text/plain", attributes }),
    await putSecret("KEY", "two"),
    await putSecret("key", "two"),
    await send("GET", "vaults/vault/secrets/key"),
    await send("GET", "vaults/vault/secrets"),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 200]);
  expect(answers.map(({ text }) => text).join()).not.toMatch(/"(one|two)"/);

  const secretUri = `${vault.uri}secrets/key`;
  const versions = vault.secretVersions("key");
  expect(versions.map(({ value }) => value)).toEqual(["one", "two", "two"]);
  expect(new Set(versions.map(({ version }) => version)).size).toBe(3);
  expect(answers[0]?.body).toMatchObject({
    id: `${vault.id}/secrets/key`,
    type: "Microsoft.KeyVault/vaults/secrets",
    location: "westeurope",
    properties: {
      contentType: "text/plain",
      attributes: { enabled: true, ...attributes },
      secretUri,
      secretUriWithVersion: `${secretUri}/${versions[0]?.version ?? ""}`,
    },
  });
  expect(answers[3]?.body).toMatchObject({
    properties: { secretUriWithVersion: `${secretUri}/${versions[2]?.version ?? ""}` },
  });
  expect(answers[4]?.body).toMatchObject({ value: [{ name: "key" }] });
  expect(vault.secretValue("key")).toBe("two");
});

test.each(["with_underscore", "with.dot", "%C3%A9", "s".repeat(128)])(
  "a secret cannot be named %s",
  async (name) => {
    const { vault, putSecret } = await keyVaults();
    expect(await putSecret(name, "value")).toMatchObject({
      status: 400,
      body: { error: { code: "BadParameter" } },
    });
    expect(vault.secretNames).toEqual([]);
  },
);

test("a secret needs a value", async () => {
  const { send } = await keyVaults();
  expect(await send("PUT", "vaults/vault/secrets/key", { properties: {} })).toMatchObject({
    status: 400,
    body: { error: { code: "BadParameter" } },
  });
});

test("Resource Manager does not delete secrets; the vault's handle does", async () => {
  const { vault, send, putSecret } = await keyVaults();
  await putSecret("key", "value");
  expect(await send("DELETE", "vaults/vault/secrets/key")).toMatchObject({
    status: 400,
    body: { error: { code: "DisallowedResourceOperation" } },
  });
  expect(vault.secretValue("key")).toBe("value");
  vault.deleteSecret("KEY");
  expect(vault.secretValue("key")).toBeUndefined();
  expect(await send("GET", "vaults/vault/secrets/key")).toMatchObject({
    status: 404,
    body: { error: { code: "SecretNotFound" } },
  });
});
