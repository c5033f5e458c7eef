import * as fs from "node:fs/promises";
import * as path from "node:path";
import {
  partialFailure,
  prepareProviderFolder,
  ProviderProcess,
} from "../../dev/workspace/providerProcess";
import { secretValue } from "../../provider/hosts/secretValues";
import { UNKNOWN } from "../../provider/rotation/unknown";
import { type SimulatedAccount, type Simulator, startSimulator } from "../../simulator";

/*
 * Pulumi's dynamic-provider process, driven as the engine drives it, with the text of the shim that
 * state files hold (test/package compares it with what the SDK serializes).
 */

const SOME = 2;
const NONE = 1;

let simulator: Simulator;
let folder: string;
let provider: ProviderProcess;
let shim: string;

beforeAll(async () => {
  simulator = await startSimulator();
  folder = await prepareProviderFolder();
  shim = await fs.readFile(path.join(__dirname, "../fixtures/shim.txt"), "utf8");
});
afterAll(async () => {
  await simulator.close();
  await fs.rm(folder, { recursive: true });
});

beforeEach(async () => {
  provider = await ProviderProcess.start(simulator.environment(), folder);
});
afterEach(() => provider.stop());

let accounts = 0;
function newAccount() {
  accounts += 1;
  return simulator.account(simulator.createAccount({ name: `account${String(accounts)}` }));
}

function tokenRequests(): number {
  return simulator.requests.filter(({ operation }) => operation === "token").length;
}

/** The keys as the engine is told of them. */
function secretKeys(account: SimulatedAccount, currentKeyName: "Primary" | "Secondary") {
  const primary = secretValue(account.keys().primary);
  const secondary = secretValue(account.keys().secondary);
  const [currentKey, previousKey] =
    currentKeyName === "Primary" ? [primary, secondary] : [secondary, primary];
  return { primaryKey: primary, secondaryKey: secondary, currentKey, previousKey };
}

async function created(args: Record<string, unknown>) {
  const { inputs, failures } = await provider.check({}, { ...args, __provider: shim });
  expect(failures).toEqual([]);
  return { inputs, ...(await provider.create(inputs)) };
}

test("a resource lives through check, create, diff, update, read and delete", async () => {
  const account = newAccount();
  await provider.configure({});
  const args = { accountId: account.id, revokeOnDelete: true };
  const { id, inputs, outputs } = await created(args);
  expect(id).toBe(account.id);
  expect(inputs).toMatchObject({ generation: 1, keyToRotate: "Secondary", __provider: shim });
  expect(outputs).toMatchObject({ ...secretKeys(account, "Secondary"), __provider: shim });

  const same = await provider.check(inputs, { ...args, __provider: shim });
  expect(same.inputs).toEqual(inputs);
  expect((await provider.diff(id, outputs, same.inputs)).changes).toBe(NONE);

  const bumped = await provider.check(inputs, { ...args, version: 2, __provider: shim });
  expect((await provider.diff(id, outputs, bumped.inputs)).changes).toBe(SOME);
  const updated = await provider.update(id, outputs, bumped.inputs);
  expect(updated).toMatchObject({ ...secretKeys(account, "Primary"), __provider: shim });
  expect(updated).toMatchObject({ currentKeyName: "Primary", generation: 2 });

  const read = await provider.read(id, updated);
  expect(read).toEqual({ id, outputs: updated, inputs: bumped.inputs });

  // A destroy is another command, with a process of its own.
  await provider.stop();
  provider = await ProviderProcess.start(simulator.environment(), folder);
  await provider.configure({});
  const { primary, secondary } = account.keys();
  await provider.delete(id, read.outputs);
  expect(account.accepts(primary) || account.accepts(secondary)).toBe(false);
  account.delete();
  expect((await provider.read(id, read.outputs)).id).toBe("");
});

test("what get() reads has secrets for keys, too", async () => {
  const account = newAccount();
  await provider.configure({});
  const { outputs } = await provider.read(account.id, { accountId: account.id, __provider: shim });
  expect(outputs).toMatchObject({ ...secretKeys(account, "Primary"), __provider: shim });
});

test("an update that fails after the key has changed hands the engine the new keys", async () => {
  const account = newAccount();
  await provider.configure({});
  const { id, inputs, outputs } = await created({ accountId: account.id, verifyKey: "Required" });
  const bumped = { accountId: account.id, version: 2, verifyKey: "Required", __provider: shim };
  account.dataPlane = "Unreachable";
  const news = (await provider.check(inputs, bumped)).inputs;
  const error: unknown = await provider
    .update(id, outputs, news)
    .catch((thrown: unknown) => thrown);
  expect(partialFailure(error)).toMatchObject({
    id,
    outputs: { ...secretKeys(account, "Secondary"), generation: 2, __provider: shim },
    reasons: [expect.stringContaining("does not work yet")],
  });
  expect(String(error) + provider.output).not.toContain(account.keys().primary);
});

test("when the engine has been killed the process that it left behind changes no key", async () => {
  const account = newAccount();
  await provider.configure({});
  const { id, inputs, outputs } = await created({ accountId: account.id });
  const bumped = { accountId: account.id, version: 2, __provider: shim };
  const news = (await provider.check(inputs, bumped)).inputs;
  const rotated = await provider.update(id, outputs, news);
  const again = { ...bumped, version: 3 };
  const later = (await provider.check(news, again)).inputs;
  await provider.killEngine();
  await expect(provider.update(id, rotated, later)).rejects.toThrow(/engine at .* is gone/);
  expect(account.regenerations).toHaveLength(2);
});

test("the stack's configuration reaches the lifecycle, and 50 resources start at once", async () => {
  await provider.stop();
  const { ARM_CLIENT_SECRET, ...environment } = simulator.environment();
  provider = await ProviderProcess.start(environment, folder);
  const signedInBefore = tokenRequests();
  await provider.configure({ "azure-native:clientSecret": ARM_CLIENT_SECRET ?? "" });
  const ids = Array.from({ length: 50 }, () => newAccount().id);
  const resources = await Promise.all(ids.map((accountId) => created({ accountId })));
  expect(resources.map(({ outputs }) => outputs["keyVerification"])).toEqual(
    ids.map(() => "Verified"),
  );
  expect(tokenRequests() - signedInBefore).toBe(1);
  expect(provider.output).not.toContain(ARM_CLIENT_SECRET);
});

test("values that are not known yet go through check and diff as they came", async () => {
  await provider.configure({});
  const { inputs, failures } = await provider.check({}, { accountId: UNKNOWN, __provider: shim });
  expect({ inputs, failures }).toMatchObject({
    failures: [],
    inputs: { accountId: UNKNOWN, keyToRotate: "Secondary" },
  });
});

test("failures of check name their properties", async () => {
  await provider.configure({});
  const { failures } = await provider.check({}, { version: "", __provider: shim });
  expect(failures.map(({ property }) => property)).toEqual(["accountId", "version"]);
});

test("where the package is not installed every call says so, and none does half its work", async () => {
  await provider.stop();
  const withoutPackage = await prepareProviderFolder(false);
  provider = await ProviderProcess.start(simulator.environment(), withoutPackage);
  await provider.configure({});
  const missing = /Cannot find module 'pulumi-azure-batch-key-rotation\/lifecycle'/;
  const properties = { __provider: shim };
  await expect(provider.check({}, properties)).rejects.toThrow(missing);
  await expect(provider.check({}, properties)).rejects.toThrow(missing);
  await expect(provider.update("id", properties, properties)).rejects.toThrow(missing);
  await expect(provider.delete("id", properties)).rejects.toThrow(missing);
  await fs.rm(withoutPackage, { recursive: true });
});

test("a preview's calls load neither an HTTP stack nor a sign-in library", async () => {
  await provider.stop();
  const NODE_OPTIONS = `--require ${require.resolve("../support/printLoadedPackages.cjs")}`;
  provider = await ProviderProcess.start({ ...simulator.environment(), NODE_OPTIONS }, folder);
  await provider.configure({});
  const { inputs } = await provider.check({}, { accountId: newAccount().id, __provider: shim });
  expect(provider.output).not.toContain("loaded @azure/");
  await provider.create(inputs);
  expect(provider.output).toContain("loaded @azure/identity");
});
