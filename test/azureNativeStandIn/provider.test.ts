import { UNKNOWN } from "../../provider/rotation/unknown";
import { closeSimulators, simulate } from "../contract/simulatorAndClients";
import { Provider } from "./provider";

afterEach(closeSimulators);

const account = { type: "azure-native:batch:BatchAccount", name: "account" };
const secret = { type: "azure-native:keyvault:Secret", name: "secret" };

async function start() {
  const simulator = await simulate();
  const id = simulator.createAccount({ name: "acct", resourceGroupName: "rg", tags: { a: "b" } });
  return { simulator, id, provider: new Provider(simulator) };
}

test("a name is made up once, and anew for a replacement", async () => {
  const { provider } = await start();
  const given = { resourceGroupName: "rg", location: "eastus" };
  const inputs = await provider.check(account, {}, given);
  expect(inputs["accountName"]).toMatch(/^account[0-9a-f]{8}$/);
  expect(await provider.check(account, inputs, given)).toEqual(inputs);
  const replacement = await provider.check(account, {}, given);
  expect(replacement["accountName"]).not.toBe(inputs["accountName"]);
  expect(provider.diff(account, inputs, replacement)).toEqual({
    changed: ["accountName"],
    replaces: ["accountName"],
    deleteBeforeReplace: false,
  });
});

test("a given name is kept, and has to go before its replacement comes", async () => {
  const { provider } = await start();
  const given = { resourceGroupName: "rg", location: "West Europe", accountName: "acct" };
  const inputs = await provider.check(account, {}, given);
  expect(inputs).toEqual({ ...given, azureApiVersion: "2024-07-01" });
  expect(provider.diff(account, inputs, { ...inputs, location: "westeurope" }).changed).toEqual([]);
  expect(provider.diff(account, inputs, { ...inputs, location: "eastus" })).toEqual({
    changed: ["location"],
    replaces: ["location"],
    deleteBeforeReplace: true,
  });
});

test("the location is the given, the old, the configured one or the resource group's", async () => {
  const { provider } = await start();
  const locationOf = async (olds: object, news: object) =>
    (await provider.check(account, { ...olds }, { accountName: "other", ...news }))["location"];
  expect(await locationOf({}, { resourceGroupName: "rg" })).toBe("westeurope");
  expect(await locationOf({}, { resourceGroupName: UNKNOWN })).toBe(UNKNOWN);
  expect(await locationOf({}, { resourceGroupName: "nowhere" })).toBeUndefined();
  provider.configure(new Map([["azure-native:config:location", "northeurope"]]));
  expect(await locationOf({}, { resourceGroupName: "rg" })).toBe("northeurope");
  expect(await locationOf({ location: "eastus" }, {})).toBe("eastus");
  expect(await locationOf({ location: "eastus" }, { location: "westus" })).toBe("westus");
});

test("a preview knows the inputs and nothing else, down to nested outputs", async () => {
  const { provider } = await start();
  const inputs = { vaultName: "vault", properties: { value: "v", attributes: { expires: 1 } } };
  const preview = provider.previewCreate(secret, inputs);
  expect(preview).toMatchObject({
    name: UNKNOWN,
    properties: {
      value: "v",
      secretUri: UNKNOWN,
      attributes: { expires: 1, created: UNKNOWN },
    },
  });
  expect(preview).not.toHaveProperty("vaultName");
  expect(provider.previewUpdate(secret, { name: "secret", type: "t" }, inputs)).toMatchObject({
    name: "secret",
    type: UNKNOWN,
  });
});

test("create does not take over what exists already", async () => {
  const { simulator, provider } = await start();
  const inputs = { resourceGroupName: "rg", accountName: "acct", location: "westeurope" };
  await expect(provider.create(account, inputs)).rejects.toThrow(/already existing resource/);
  expect(provider.calls).toEqual([]);
  expect(simulator.requests.at(-1)?.operation).toBe("get");
});

test("read finds what a program gets by id, what has drifted, and what is gone", async () => {
  const { simulator, id, provider } = await start();
  const found = await provider.read(account, id, { inputs: undefined, outputs: {} });
  expect(found).toMatchObject({
    inputs: { resourceGroupName: "rg", accountName: "acct" },
    outputs: { name: "acct", poolAllocationMode: "BatchService", tags: { a: "b" } },
  });
  expect(found?.outputs).not.toHaveProperty("properties");
  expect(found?.outputs).not.toHaveProperty("id");

  const inputs = { accountName: "acct", tags: { a: "b" }, publicNetworkAccess: "Enabled" };
  simulator.account(id).update({ tags: { a: "c", more: "d" } });
  const state = { inputs, outputs: found?.outputs ?? {} };
  expect((await provider.read(account, id, state))?.inputs).toEqual({
    ...inputs,
    tags: { a: "c" },
  });
  simulator.account(id).update({ tags: {} });
  expect((await provider.read(account, id, state))?.inputs).toEqual({ ...inputs, tags: {} });
  simulator.account(id).delete();
  expect(await provider.read(account, id, state)).toBeUndefined();
});

test("a resource type that it does not know is an error", async () => {
  const { provider } = await start();
  const other = { type: "azure-native:storage:StorageAccount", name: "storage" };
  await expect(provider.check(other, {}, {})).rejects.toThrow(/no resource type azure-native:stor/);
});
