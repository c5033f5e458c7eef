import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { SubscriptionKeyRotation } from "../../components";
import { REPOSITORY } from "../../dev/workspace/packedPackage";
import { getBatchAccounts, getBatchAccountsOutput, streamBatchAccounts } from "../../index";
import { pluginSchema } from "../../provider/hosts/plugin/schema";
import { startSimulator } from "../../simulator";
import { ACCOUNT_ID } from "../support/rotationInputs";

/* Lists in a unit test of a user's: Pulumi's mocks are what this is about. */

const TOKEN = "azure-batch-key-rotation:index:getBatchAccounts";
const SUBSCRIPTION_ID = "11111111-2222-3333-4444-555555555555";
const ACCOUNT = { id: ACCOUNT_ID, name: "account", allowedAuthenticationModes: ["SharedKey"] };

const asked: pulumi.runtime.MockCallArgs[] = [];
const registered: pulumi.runtime.MockResourceArgs[] = [];

/** What the mocks answer; a function may fail. */
function answering(call: () => unknown): Promise<void> {
  asked.length = 0;
  registered.length = 0;
  return pulumi.runtime.setMocks({
    call: (args) => {
      asked.push(args);
      return call() as Record<string, unknown>;
    },
    newResource: (args) => {
      registered.push(args);
      return { id: args.name, state: args.inputs as object };
    },
  });
}

function value<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => output.apply(resolve));
}

function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "no failure",
    (error: unknown) => error,
  );
}

test("the mocks are asked once for a list, as the plugin's SDK would, with what the program asks", async () => {
  expect(Object.keys(pluginSchema("0.0.0").functions)).toEqual([TOKEN]);
  const answer = { subscriptionId: SUBSCRIPTION_ID, accounts: [ACCOUNT] };
  await answering(() => answer);
  const args = { resourceGroupName: "group", configNamespace: "other" };
  expect(await getBatchAccounts(args)).toEqual(answer);
  expect(asked).toEqual([expect.objectContaining({ token: TOKEN, inputs: args })]);
});

test("outputs and streams give what the mocks give", async () => {
  await answering(() => ({ accounts: [ACCOUNT] }));
  const subscriptionId = pulumi.output(SUBSCRIPTION_ID);
  expect(await value(getBatchAccountsOutput({ subscriptionId }))).toEqual({
    subscriptionId: SUBSCRIPTION_ID,
    accounts: [ACCOUNT],
  });
  const names: string[] = [];
  for await (const { name } of streamBatchAccounts()) names.push(name);
  expect(names).toEqual(["account"]);
});

test("an answer may leave the subscription out: the arguments tell it, else the accounts", async () => {
  await answering(() => ({ accounts: [ACCOUNT] }));
  const subscriptionId = SUBSCRIPTION_ID;
  expect(await getBatchAccounts({ subscriptionId })).toMatchObject({ subscriptionId });
  const ofAccounts = ACCOUNT_ID.split("/")[2];
  expect(await getBatchAccounts()).toMatchObject({ subscriptionId: ofAccounts });
});

test("a SubscriptionKeyRotation makes a rotation for each account that the mocks give", async () => {
  const other = { id: `${ACCOUNT_ID}2`, name: "account2", allowedAuthenticationModes: ["AAD"] };
  await answering(() => ({ accounts: [ACCOUNT, other] }));
  const many = new SubscriptionKeyRotation("many", { rotation: { version: 2 } });
  expect(await value(many.rotated)).toEqual([ACCOUNT_ID]);
  expect(await value(many.skipped)).toMatchObject([{ accountId: other.id }]);
  await value(many.rotations);
  expect(registered).toContainEqual(
    expect.objectContaining({
      type: "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation",
      inputs: expect.objectContaining({ accountId: ACCOUNT_ID, version: 2 }) as object,
    }),
  );
});

test.each<[string, () => unknown, RegExp]>([
  ["answers nothing", () => undefined, /call of Pulumi's mocks failed, or returned nothing\./],
  [
    "fails",
    () => {
      throw new Error("not thought of");
    },
    /call of Pulumi's mocks failed, or returned nothing\./,
  ],
  [
    "answers what it is given",
    () => asked.at(-1)?.inputs as object,
    /answer .* has no array "accounts"\./,
  ],
  ["answers a list of no accounts", () => ({ accounts: [1] }), /entry 1 that is no object\./],
  [
    "answers an account without an id",
    () => ({ accounts: [ACCOUNT, { name: "account" }] }),
    /entry 2 that has no id of a Batch account, such as "\/subscriptions\//,
  ],
  [
    "answers an account without a name",
    () => ({ accounts: [{ id: ACCOUNT_ID }] }),
    /entry 1 that has no name\./,
  ],
  [
    "answers an account as Resource Manager has it",
    () => ({ accounts: [{ ...ACCOUNT, properties: {} }] }),
    /entry 1 that has "properties": what Azure has there stands beside id and name\./,
  ],
  [
    "answers neither a subscription nor accounts, and no subscription was asked for",
    () => ({ accounts: [] }),
    /answer .* has no subscriptionId, and neither have the arguments\./,
  ],
])("where the mocks' call %s, the failure says how to give accounts", async (_, call, reason) => {
  await answering(call);
  const error = await failure(getBatchAccounts());
  expect(error).toMatchObject({ __pulumiRunError: true, stack: "" });
  expect(String(error)).toMatch(reason);
  expect(String(error)).toContain(
    `Next: let the mocks' call answer ${TOKEN} with { subscriptionId, accounts: [{ id, name, … }] }`,
  );
});

test("a mistake in the arguments fails as it does without mocks, and the mocks are not asked", async () => {
  await answering(() => ({ accounts: [] }));
  for (const [args, problem] of [
    [{ subscriptionId: "no GUID" }, /subscriptionId "no GUID": a subscription id is a GUID/],
    [{ resourceGroupName: "no/group" }, /resourceGroupName "no\/group"/],
    [{ configNamespace: "a:b" }, /configNamespace "a:b" is not a configuration namespace/],
  ] as const) {
    expect(String(await failure(getBatchAccounts(args)))).toMatch(problem);
  }
  expect(asked).toEqual([]);
});

/** A test of a user's, in a process of its own, that takes every road to Azure that a program has. */
const EVERY_ROAD = `
const pulumi = require("@pulumi/pulumi");
const own = require("pulumi-azure-batch-key-rotation");
const components = require("pulumi-azure-batch-key-rotation/components");
const { ACCOUNT_ID: accountId, WITH_MOCKS } = process.env;
const value = (output) => new Promise((resolve) => output.apply(resolve));

async function main() {
  if (WITH_MOCKS === undefined) return console.log((await own.getBatchAccounts()).accounts.length);
  await pulumi.runtime.setMocks({
    call: () => ({ accounts: [{ id: accountId, name: "given" }] }),
    newResource: ({ name, inputs }) => ({ id: name, state: { currentKey: "mocked", ...inputs } }),
  });
  const keyVaultSecret = { vaultUri: "https://my-vault.vault.azure.net/" };
  const account = { resourceGroupName: "group" };
  const keys = [
    new own.BatchAccountKeyRotation("keys", { accountId }),
    new own.BatchAccountKeyRotation("named", { resourceGroupName: "group", accountName: "given" }),
    new own.BatchAccountKeyRotation("vault", { accountId, keyVaultSecret }),
    own.BatchAccountKeyRotation.get("read", accountId),
    new components.RotatedBatchAccount("new", { account, secret: { vaultName: "my-vault" } }),
  ].map(({ currentKey }) => currentKey);
  const { rotated } = new components.SubscriptionKeyRotation("many");
  const streamed = [];
  for await (const { name } of own.streamBatchAccounts()) streamed.push(name);
  console.log(JSON.stringify({
    keys: await value(pulumi.all(keys)),
    rotated: await value(rotated),
    streamed,
    listed: (await own.getBatchAccounts()).accounts.length,
    output: (await value(own.getBatchAccountsOutput())).accounts.length,
  }));
}
void main();
`;

test("with mocks no road of a program leads to Azure, which is in reach and configured", async () => {
  const simulator = await startSimulator();
  try {
    const accountId = simulator.createAccount({ name: "rotated" });
    const run = async (environment: Record<string, string>) => {
      const { PATH = "" } = process.env;
      const env = { PATH, ACCOUNT_ID: accountId, ...simulator.environment(), ...environment };
      const options = { cwd: REPOSITORY, env };
      const before = simulator.requests.length;
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", EVERY_ROAD], options);
      const requests = simulator.requests.slice(before).map(({ operation }) => operation);
      return { stdout: JSON.parse(stdout) as unknown, requests };
    };
    const mocked = await run({ WITH_MOCKS: "true" });
    expect(mocked).toEqual({
      stdout: {
        keys: Array<string>(5).fill("mocked"),
        rotated: [accountId],
        streamed: ["given"],
        listed: 1,
        output: 1,
      },
      requests: [],
    });
    // The same process without them would have reached it.
    expect((await run({})).requests).toContain("list");
  } finally {
    await simulator.close();
  }
});
