import * as path from "node:path";
import type { SimulatedAccount } from "../../simulator";
import { type AzureNative, startAzureNative } from "../azureNativeStandIn/startAzureNative";
import { EngineFixture } from "../support/engineFixture";

/* RotatedBatchAccount from nothing, under Pulumi's own engine. */

jest.setTimeout(120_000);

let engine: EngineFixture;
let azureNative: AzureNative;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "project") });
  azureNative = await startAzureNative(engine.simulator);
  engine.newAccount("neighbour"); // its resource group is the account's, too
  engine.simulator.createVault({ name: "vault", resourceGroupName: "vaults" });
});
afterAll(async () => {
  await engine.stop();
  azureNative.stop();
});

const ID = () =>
  `/subscriptions/${engine.simulator.subscriptionId}/resourceGroups/simulator/providers/Microsoft.Batch/batchAccounts/account`;
const account = (): SimulatedAccount => engine.simulator.account(ID());
const secretValue = () => engine.simulator.vault("vault").secretValue("account-key");

interface Changes {
  readonly account?: object;
  readonly rotation?: object;
  readonly secret?: object;
  /** Another name than the one that the component has an alias for. */
  readonly name?: string;
  /** Properties of the account that the program has as outputs. */
  readonly asOutputs?: readonly string[];
  /** What a transform of the component's options puts on the account. */
  readonly tag?: string;
}

async function configure({ name, tag, asOutputs, ...changes }: Changes = {}): Promise<void> {
  await engine.arguments({
    component: "RotatedBatchAccount",
    name,
    tag,
    asOutputs,
    args: {
      account: {
        resourceGroupName: "simulator",
        accountName: "account",
        location: "westeurope",
        ...changes.account,
      },
      rotation: { verifyKey: "Required", ...changes.rotation },
      secret: { vaultName: "vault", resourceGroupName: "vaults", ...changes.secret },
    },
  });
}

const env = () => ({ env: azureNative.environment });

async function up(changes: Changes = {}, expectFailure = false) {
  await configure(changes);
  return engine.keep(engine.workspace.up({ skipPreview: true, expectFailure, ...env() }));
}

/** Calls of azure-native, and regenerations, that an action causes. */
async function callsOf(action: () => Promise<unknown>): Promise<string[]> {
  const before = azureNative.calls.length;
  await action();
  return azureNative.calls.slice(before);
}

const UNTOLD = /would make an account that does not say that it allows shared keys, and its poolAl/;

test.each<[Changes["account"] & object, string[], RegExp]>([
  [{ allowedAuthenticationModes: ["AAD"] }, [], /allowedAuthenticationModes: AAD\).* Add "SharedK/],
  [
    { allowedAuthenticationModes: [] },
    ["allowedAuthenticationModes"],
    /would make an account that does not allow shared keys \(its allowedAuthenticationModes: none\)/,
  ],
  [{ poolAllocationMode: "UserSubscription" }, [], UNTOLD],
  [{ poolAllocationMode: "UserSubscription" }, ["poolAllocationMode"], UNTOLD],
])(
  "with %j (outputs: %j) the first preview refuses to make it",
  async (account, asOutputs, message) => {
    await configure({ account, asOutputs });
    const { stdout } = await engine.workspace.preview({ expectFailure: true, ...env() });
    expect(stdout).toMatch(message);
    expect(stdout).not.toContain("azure-native:batch:BatchAccount");
  },
);

test("one with pools in the user's subscription that allows shared keys is made", async () => {
  const modes = { allowedAuthenticationModes: ["AAD", "SharedKey"] };
  await configure({ account: { poolAllocationMode: "UserSubscription", ...modes } });
  const { stdout } = await engine.workspace.preview(env());
  expect(stdout).toContain("azure-native:batch:BatchAccount jobs create");
});

test("the first preview has no error, though the account is unknown, and sends nothing", async () => {
  await configure();
  const requests = await engine.requestsOf(() =>
    engine.workspace.preview({ diff: true, ...env() }),
  );
  expect(requests).toEqual([]);
});

test("up creates the account, rotates its keys and keeps the current one in the vault, in that order", async () => {
  const calls = await callsOf(() => up());
  expect(calls).toEqual([
    expect.stringContaining("create azure-native:batch:BatchAccount"),
    expect.stringContaining("create azure-native:keyvault:Secret"),
  ]);
  expect(account().regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary"]);
  expect(secretValue()).toBe(account().keys().secondary);
  expect(await callsOf(() => up())).toEqual([]);
});

test("a bump changes the secret's value to the new current key, after it was tried, and nothing else", async () => {
  const held = account().keys().secondary;
  const calls = await callsOf(() => up({ rotation: { version: 2 } }));
  expect(calls).toEqual([expect.stringContaining("update azure-native:keyvault:Secret")]);
  expect(secretValue()).toBe(account().keys().primary);
  expect(account().accepts(held)).toBe(true);
  const operations = engine.simulator.requests.map(({ operation }) => operation);
  expect(operations.lastIndexOf("dataPlane")).toBeLessThan(operations.lastIndexOf("putSecret"));
});

test("a new key that does not work yet does not reach the vault", async () => {
  const held = secretValue();
  account().dataPlane = "Unreachable";
  const calls = await callsOf(() => up({ rotation: { version: 3 } }, true));
  expect(calls).toEqual([]);
  expect(secretValue()).toBe(held);
  account().dataPlane = "Available";
  await up({ rotation: { version: 3 } });
  expect(secretValue()).toBe(account().keys().secondary);
});

test("an account that is replaced under its own name keeps its rotation, with keys of its own", async () => {
  await up({ account: { location: "northeurope" }, rotation: { version: 3 } });
  expect(account().location).toBe("northeurope");
  // State cannot tell it from a rotation that is replaced: the current key was the Secondary one.
  expect(account().regenerations.map(({ keyName }) => keyName)).toEqual(["Primary"]);
  const { currentKey } = await engine.workspace.outputs({ showSecrets: true });
  expect(currentKey).toBe(account().keys().primary);
  expect(secretValue()).toBe(currentKey);
});

test("an account without shared keys, and a name that Key Vault refuses, are refused before anything changes", async () => {
  const moved = { account: { location: "northeurope" }, rotation: { version: 4 } };
  const before = account().keys();
  const modes = { ...moved, account: { ...moved.account, allowedAuthenticationModes: ["AAD"] } };
  expect((await up(modes, true)).stdout).toContain("does not allow shared keys");
  expect(account().keys()).toEqual(before);
  const named = { ...moved, rotation: { version: 3 }, secret: { secretName: "under_score" } };
  expect((await up(named, true)).stdout).toContain("a secret's name is 1 to 127 letters");
});

test("a transform reaches the children, and a new name with an alias changes none of them", async () => {
  const same = { account: { location: "northeurope" }, rotation: { version: 3 } };
  await up({ ...same, tag: "transformed" });
  expect(account().resource()).toMatchObject({ tags: { tag: "transformed" } });
  const rotations = account().regenerations.length;
  const calls = await callsOf(() => up({ ...same, tag: "transformed", name: "renamed" }));
  expect(calls).toEqual([]);
  expect(account().regenerations).toHaveLength(rotations);
});

test("no key stands in clear in state or in what was printed, and destroy removes all of it", async () => {
  engine.rememberKeys(account());
  const state = JSON.stringify(await engine.workspace.stackExport());
  expect(engine.secretsIn(state + engine.printed)).toBe(0);
  await engine.workspace.destroy(env());
  expect(() => account()).toThrow();
});
