import { GetSchemaRequest, type GetSchemaResponse } from "@pulumi/pulumi/proto/provider_pb";
import { version } from "../../package.json";
import { pluginSchema } from "../../provider/hosts/plugin/schema";
import { isSecretValue, secretValue } from "../../provider/hosts/secretValues";
import { SECRET_OUTPUTS } from "../../provider/rotation/properties";
import { UNKNOWN } from "../../provider/rotation/unknown";
import { type SimulatedAccount, type Simulator, startSimulator } from "../../simulator";
import { PluginProcess, urnOf } from "../support/pluginProcess";

/* The plugin's own process, asked as the engine asks it. */

let simulator: Simulator;
let plugin: PluginProcess;
let account: SimulatedAccount;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

let accounts = 0;
beforeEach(async () => {
  accounts += 1;
  account = simulator.account(simulator.createAccount({ name: `account${String(accounts)}` }));
  plugin = await PluginProcess.start(simulator.environment());
});
afterEach(() => {
  plugin.stop();
});

async function inputsOf(args: Record<string, unknown>, name = "keys") {
  const { inputs, failures } = await plugin.check(name, {}, args);
  expect(failures).toEqual([]);
  return inputs;
}

describe("the provider's configuration", () => {
  test.each([
    [{ subscriptionId: "x", useOidc: "true", auxiliaryTenantIds: '["a"]', version: "0.1.0" }, []],
    [{ useMsi: true, auxiliaryTenantIds: ["a", "b"], clientId: UNKNOWN }, []],
    [{ clientID: "x" }, [["clientID", /has no such setting: did you mean clientId\?/]]],
    [{ location: "x" }, [["location", /has no such setting: it has subscriptionId, tenantId, /]]],
    [{ useOidc: "yes" }, [["useOidc", /not true or false/]]],
    [{ clientId: 7 }, [["clientId", /not a text/]]],
    [{ auxiliaryTenantIds: "a" }, [["auxiliaryTenantIds", /not a list of texts/]]],
  ])("%j: %j", async (configuration, expected) => {
    const failures = await plugin.checkConfig(configuration);
    expect(failures).toEqual(
      expected.map(([property, reason]) => ({
        property,
        reason: expect.stringMatching(reason as RegExp) as string,
      })),
    );
  });

  test("tells no value in what is wrong with it", async () => {
    const failures = await plugin.checkConfig({ clientSecret: secretValue({ of: "a person" }) });
    expect(JSON.stringify(failures)).not.toContain("person");
    expect(failures).toMatchObject([{ property: "", reason: "clientSecret: it is not a text" }]);
  });

  test("signs in, and wins over the environment", async () => {
    const { ARM_CLIENT_SECRET: clientSecret, ...environment } = simulator.environment();
    plugin.stop();
    plugin = await PluginProcess.start({ ...environment, ARM_SUBSCRIPTION_ID: "" });
    await plugin.configure({
      clientSecret: secretValue(clientSecret),
      subscriptionId: simulator.subscriptionId,
    });
    const { resourceGroupName, accountName } = await inputsOf({ accountId: account.id });
    const inputs = await inputsOf({ resourceGroupName, accountName });
    const { outputs } = await plugin.create("keys", inputs);
    expect(outputs).toMatchObject({ accountId: account.id, keyVerification: "Verified" });
  });

  test("is named in what to do about a sign-in that lacks it; azure-native's is not seen", async () => {
    plugin.stop();
    plugin = await PluginProcess.start({ ...simulator.environment(), ARM_CLIENT_SECRET: "" });
    await plugin.configure();
    const inputs = await inputsOf({ accountId: account.id });
    await expect(plugin.create("keys", inputs)).rejects.toThrow(
      /pulumi config set --secret azure-batch-key-rotation:clientSecret .*azure-native's configuration is not seen by this provider/,
    );
  });

  test("is named where a subscription is missing", async () => {
    plugin.stop();
    plugin = await PluginProcess.start({ ...simulator.environment(), ARM_SUBSCRIPTION_ID: "" });
    await plugin.configure();
    const { failures } = await plugin.check(
      "keys",
      {},
      {
        resourceGroupName: "group",
        accountName: "account",
      },
    );
    expect(failures).toMatchObject([
      {
        property: "subscriptionId",
        reason: expect.stringContaining(
          "configure azure-batch-key-rotation:subscriptionId",
        ) as string,
      },
    ]);
  });
});

describe("arguments", () => {
  beforeEach(() => plugin.configure());

  test.each([
    [{ version: true }, "version", /true is not a version/],
    [{ rotateOnCreate: "true" }, "rotateOnCreate", /"true" is not true or false/],
    [{ rotate: "alternate" }, "rotate", /is not one of "Alternate"/],
    [{ previewing: "true" }, "previewing", /not true or false/],
    [{ rotateEvery: "P9D" }, "rotateEvery", /has no such argument. If the program's SDK is newer/],
    [{ configNamespace: "other" }, "configNamespace", /give the resource an explicit provider/],
  ])("%j are refused on %s", async (args, property, reason) => {
    const { failures } = await plugin.check("keys", {}, { accountId: account.id, ...args });
    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) as string }]);
  });

  test('2 and "2" are one version', async () => {
    const inputs = await inputsOf({ accountId: account.id, version: 2 });
    const { inputs: next } = await plugin.check("keys", inputs, {
      accountId: account.id,
      version: "2",
    });
    expect(next).toMatchObject({ generation: 1 });
  });

  test("of a second rotation of one account are refused, in whatever case; of the same one not", async () => {
    await inputsOf({ accountId: account.id }, "first");
    await inputsOf({ accountId: account.id }, "first");
    const { failures } = await plugin.check("second", {}, { accountId: account.id.toUpperCase() });
    expect(failures).toEqual([
      {
        property: "accountId",
        reason: expect.stringContaining(`${urnOf("first")} rotates the same account`) as string,
      },
    ]);
  });

  test("that a program previews are in no input, and leave the time to the update", async () => {
    const inputs = await inputsOf({ accountId: account.id, previewing: true });
    expect(inputs).toMatchObject({ rotationDecidedAt: UNKNOWN });
    expect(inputs).not.toHaveProperty("previewing");
    expect(await inputsOf({ accountId: account.id, previewing: false })).not.toMatchObject({
      rotationDecidedAt: UNKNOWN,
    });
  });
});

describe("a rotation that is created", () => {
  const TYPE = "azure-batch-key-rotation:index:BatchAccountKeyRotation";
  let held: { id: string; outputs: Record<string, unknown> };

  beforeEach(async () => {
    await plugin.configure();
    held = await plugin.create("keys", await inputsOf({ accountId: account.id }));
    plugin.stop();
  });

  /** Another command's process, and the state that it finds. */
  async function next(resources: readonly object[] | "NoCli"): Promise<void> {
    plugin = await PluginProcess.start(simulator.environment(), resources);
    await plugin.configure();
  }

  const inState = (name: string) => ({ urn: urnOf(name), type: TYPE, ...held });

  test("in the place of one on demand goes on from it: the key in use is not regenerated", async () => {
    await next([inState("keys")]);
    expect(await inputsOf({ accountId: account.id })).toMatchObject({
      generation: 2,
      keyToRotate: "Primary",
      rotationReason: "Replaced",
    });
  });

  test("under another name goes on from it, and regenerates nothing", async () => {
    await next([inState("keys")]);
    expect(await inputsOf({ accountId: account.id }, "renamed")).toMatchObject({
      generation: 1,
      keyToRotate: "Secondary",
      rotationReason: "Moved",
    });
  });

  test("begins anew where state has none of its account", async () => {
    await next([{ ...inState("keys"), delete: true }]);
    expect(await inputsOf({ accountId: account.id })).toMatchObject({ rotationReason: "Created" });
  });

  test("is refused where state cannot be read, unless the program adopts the account", async () => {
    await next("NoCli");
    // Perhaps from before the first rotation: what liveKey names says nothing of now.
    const args = { accountId: account.id, liveKey: "Primary" };
    await expect(plugin.check("keys", {}, args)).rejects.toThrow(
      /could not read the state of stack dev.*the pulumi CLI is not on PATH.*set rotateOnCreate to false/,
    );
    expect(await inputsOf({ ...args, rotateOnCreate: false })).toMatchObject({
      keyToRotate: "None",
      rotationReason: "Adopted",
    });
  });

  test("is refused where what it would go on from is a secret", async () => {
    const outputs = { ...held.outputs, version: secretValue("ciphertext") };
    await next([{ ...inState("keys"), outputs }]);
    const check = plugin.check("keys", {}, { accountId: account.id });
    await expect(check).rejects.toThrow(/cannot read the state of this resource \(version\)/);
  });
});

describe("secrets", () => {
  beforeEach(() => plugin.configure());

  const secretNames = (properties: Record<string, unknown>) =>
    Object.keys(properties)
      .filter((name) => isSecretValue(properties[name]))
      .sort();
  const KEYS = [...SECRET_OUTPUTS].sort();

  test("are the keys: of a creation, an update, a refresh, an import", async () => {
    const args = { accountId: account.id };
    const inputs = await inputsOf(args);
    expect(secretNames((await plugin.create("keys", inputs, { preview: true })).outputs)).toEqual(
      KEYS,
    );
    const created = await plugin.create("keys", inputs);
    expect(secretNames(created.outputs)).toEqual(KEYS);
    const { inputs: next } = await plugin.check("keys", inputs, { ...args, version: 2 });
    const updated = await plugin.update("keys", created, next);
    expect(secretNames(updated)).toEqual(KEYS);
    const read = await plugin.read("keys", account.id, updated, next);
    expect(secretNames(read.outputs)).toEqual(KEYS);
    expect(read.inputs).toEqual(next);
    expect(secretNames((await plugin.read("other", account.id)).outputs)).toEqual(KEYS);
  });

  test("that a program makes stay secret in inputs and outputs, inside of objects, too", async () => {
    const { uri: vaultUri } = simulator.createVault({ name: `vault${String(accounts)}` });
    const args = {
      accountId: secretValue(account.id),
      keyVaultSecret: { vaultUri: secretValue(vaultUri) },
    };
    const inputs = await inputsOf(args);
    expect(secretNames(inputs)).toEqual(["accountId", "keyVaultSecret"]);
    const { outputs } = await plugin.create("keys", inputs);
    expect(secretNames(outputs)).toEqual(["accountId", "keyVaultSecret"]);
    expect(JSON.stringify(outputs)).not.toContain(account.keys().secondary);
  });
});

describe("an import", () => {
  beforeEach(() => plugin.configure());

  test("reads the account, changes no key, and is adopted by the program that comes next", async () => {
    const { id, inputs, outputs } = await plugin.read("keys", account.id);
    expect(id).toBe(account.id);
    expect(inputs).toMatchObject({
      accountId: account.id,
      version: 1,
      liveKey: "Primary",
      rotateOnCreate: true,
      generation: 0,
      keyToRotate: "None",
      rotationReason: "Imported",
    });
    const { inputs: next } = await plugin.check("keys", inputs, { accountId: account.id });
    expect(next).toMatchObject({ rotationReason: "Adopted" });
    expect(await plugin.diff(id, outputs, next)).toMatchObject({ changes: 1, diffsList: [] });
    expect(account.regenerations).toEqual([]);
  });
});

describe("a preview", () => {
  beforeEach(() => plugin.configure());

  test("asks Azure nothing, and knows what an update will not change", async () => {
    const args = { accountId: account.id };
    const inputs = await inputsOf(args);
    const created = await plugin.create("keys", inputs);
    const before = simulator.requests.length;
    const { inputs: settings } = await plugin.check("keys", inputs, {
      ...args,
      rotateAfter: "P9D",
    });
    const shown = await plugin.update("keys", created, settings, { preview: true });
    expect(shown).toMatchObject({ currentKey: created.outputs["currentKey"] });
    const { inputs: bumped } = await plugin.check("keys", inputs, { ...args, version: 2 });
    expect(await plugin.update("keys", created, bumped, { preview: true })).toMatchObject({
      currentKeyName: "Primary",
      currentKey: secretValue(UNKNOWN),
      previousKey: created.outputs["currentKey"],
    });
    expect(simulator.requests).toHaveLength(before);
  });

  test("names each input that changes, and how", async () => {
    const args = { accountId: account.id };
    const inputs = await inputsOf({ ...args, minimumOverlap: "P1D" });
    const { id, outputs } = await plugin.create("keys", inputs, { preview: false });
    const { inputs: next } = await plugin.check("keys", inputs, { ...args, rotateAfter: "P9D" });
    const difference = await plugin.diff(id, outputs, next);
    const [ADD, DELETE] = [0, 2];
    expect(difference).toMatchObject({ changes: 2, replacesList: [], hasdetaileddiff: true });
    expect(Object.fromEntries(difference.detaileddiffMap)).toEqual({
      rotateAfter: { kind: ADD, inputdiff: true },
      minimumOverlap: { kind: DELETE, inputdiff: true },
    });
  });

  test("says that another account replaces the resource", async () => {
    const inputs = await inputsOf({ accountId: account.id });
    const { id, outputs } = await plugin.create("keys", inputs);
    const another = simulator.createAccount({ name: `another${String(accounts)}` });
    const { inputs: next } = await plugin.check("keys", inputs, { accountId: another });
    const UPDATE_REPLACE = 5;
    expect(await plugin.diff(id, outputs, next)).toMatchObject({
      replacesList: ["accountId"],
      detaileddiffMap: [["accountId", { kind: UPDATE_REPLACE, inputdiff: true }]],
    });
  });
});

describe("getBatchAccounts", () => {
  const LISTING = "azure-batch-key-rotation:index:getBatchAccounts";
  beforeEach(() => plugin.configure());

  test("lists the accounts of the configured subscription", async () => {
    const { subscriptionId, accounts: found } = await plugin.invoke(LISTING, {});
    expect(subscriptionId).toBe(simulator.subscriptionId);
    expect(found).toContainEqual(expect.objectContaining({ id: account.id }));
  });

  test.each([
    [LISTING, { subscriptionId: "no GUID" }, /could not list Batch accounts: subscriptionId/],
    ["azure-batch-key-rotation:index:getKeys", {}, /has no function .*getKeys/],
  ])("%s of %j fails with a reason", async (token, args, message) => {
    await expect(plugin.invoke(token, args)).rejects.toThrow(message);
  });
});

test("many rotations at once are carried out without a word", async () => {
  await plugin.configure();
  const group = { resourceGroupName: `many${String(accounts)}` };
  await Promise.all(
    Array.from({ length: 15 }, async (_, index) => {
      const name = `many${String(accounts)}x${String(index)}`;
      const accountId = simulator.createAccount({ name, ...group });
      const { outputs } = await plugin.create(name, await inputsOf({ accountId }, name));
      expect(outputs).toMatchObject({ keyVerification: "Verified" });
    }),
  );
  expect(plugin.printed).toBe("");
});

test("the schema that it serves is of its version, and of one format", async () => {
  const answer = await plugin.call<GetSchemaResponse>("getSchema", new GetSchemaRequest());
  expect(JSON.parse(answer.getSchema())).toEqual(JSON.parse(JSON.stringify(pluginSchema(version))));
  const later = new GetSchemaRequest().setVersion(1);
  await expect(plugin.call("getSchema", later)).rejects.toThrow(/no schema of format 1/);
});
