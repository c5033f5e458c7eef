import type { BatchAccount, BatchManagementClient } from "@azure/arm-batch";
import type { AccountOptions, Simulator } from "../../simulator";
import { batchClient, closeSimulators, managementClient, simulate } from "./simulatorAndClients";

/* Accounts that have moved, that a list leaves out, and that do not tell how to sign in to them. */

let simulator: Simulator;
let client: BatchManagementClient;

beforeEach(async () => {
  simulator = await simulate({ pageSize: 2, longRunningRetryAfterSeconds: 0 });
  client = managementClient(simulator);
});

afterEach(closeSimulators);

function createAccount(options: Partial<AccountOptions> = {}): string {
  return simulator.createAccount({ name: "acct", resourceGroupName: "rg", ...options });
}

async function collect(pages: AsyncIterable<BatchAccount>): Promise<string[]> {
  const names: string[] = [];
  for await (const account of pages) names.push(account.name ?? "");
  return names;
}

/** Whether a key signs in to the data plane, according to Microsoft's client of that. */
async function signsIn(key = ""): Promise<boolean> {
  return batchClient(simulator, "acct", key)
    .pool.list()
    .then(
      () => true,
      () => false,
    );
}

describe("an account that is moved", () => {
  const subscriptionId = "another-subscription";

  test.each([
    { resourceGroupName: "elsewhere" },
    { subscriptionId },
    { resourceGroupName: "elsewhere", subscriptionId },
  ])(
    "to %j is there under its new id, with the same keys, and gone from its old one",
    async (to) => {
      const id = createAccount();
      const account = simulator.account(id);
      account.regenerate("Primary");
      const keys = await client.batchAccountOperations.getKeys("rg", "acct");
      const before = await client.batchAccountOperations.get("rg", "acct");

      const moved = simulator.moveAccount(id, to);

      const there = managementClient(simulator);
      there.subscriptionId = account.subscriptionId;
      const { batchAccountOperations } = there;
      const { resourceGroupName } = account;
      expect(await batchAccountOperations.getKeys(resourceGroupName, "acct")).toEqual(keys);
      expect(await batchAccountOperations.get(resourceGroupName, "acct")).toEqual({
        ...before,
        id: moved,
      });
      const listed = batchAccountOperations.listByResourceGroup(resourceGroupName);
      expect(await collect(listed)).toEqual(["acct"]);
      expect(await signsIn(keys.primary)).toBe(true);
      expect(simulator.account(moved)).toBe(account);
      expect(account.regenerations).toHaveLength(1);

      await expect(client.batchAccountOperations.get("rg", "acct")).rejects.toMatchObject({
        statusCode: 404,
        code: "ResourceNotFound",
      });
      await expect(
        client.batchAccountOperations.regenerateKey("rg", "acct", { keyName: "Primary" }),
      ).rejects.toMatchObject({ statusCode: 404, code: "ResourceNotFound" });
      expect(await collect(client.batchAccountOperations.listByResourceGroup("rg"))).toEqual([]);
      expect(() => simulator.account(id)).toThrow(/has no Batch account/);
    },
  );

  test("keeps its name to itself", async () => {
    simulator.moveAccount(createAccount(), { resourceGroupName: "elsewhere" });
    await expect(
      client.batchAccountOperations.beginCreateAndWait("rg", "acct", { location: "westeurope" }),
    ).rejects.toMatchObject({ statusCode: 409 });
  });
});

test("an account that is not listed is there all the same, and in the next list", async () => {
  const [, second = ""] = ["one", "two", "three"].map((name) => createAccount({ name }));
  const accounts = client.batchAccountOperations;

  simulator.account(second).listed = false;
  expect(await collect(accounts.list())).toEqual(["one", "three"]);
  expect(await accounts.get("rg", "two")).toMatchObject({ id: second });
  simulator.account(second).listed = true;
  expect(await collect(accounts.list())).toEqual(["one", "two", "three"]);
});

describe("an account that does not tell its allowedAuthenticationModes", () => {
  test.each([
    { allowedAuthenticationModes: null },
    { properties: { allowedAuthenticationModes: undefined } },
  ])("(%j) gives its keys, and they work", async (options) => {
    createAccount(options);
    const accounts = client.batchAccountOperations;
    const { allowedAuthenticationModes } = await accounts.get("rg", "acct");
    expect(allowedAuthenticationModes ?? []).toEqual([]);
    const { primary } = await accounts.getKeys("rg", "acct");
    expect(await signsIn(primary)).toBe(true);
  });

  const properties = { poolAllocationMode: "UserSubscription" };

  test("refuses them where its pools are in the user's subscription, which has the core quota", async () => {
    const account = simulator.account(
      createAccount({ allowedAuthenticationModes: null, properties }),
    );
    const accounts = client.batchAccountOperations;
    const found = await accounts.get("rg", "acct");
    expect(found).toMatchObject({ ...properties, poolQuota: 100 });
    expect(found.dedicatedCoreQuota).toBeUndefined();
    await expect(accounts.getKeys("rg", "acct")).rejects.toMatchObject({ statusCode: 409 });
    expect(await signsIn(account.keys().primary)).toBe(false);
  });

  test("is another matter than one that tells SharedKey, wherever its pools are", async () => {
    createAccount({ properties });
    const { primary } = await client.batchAccountOperations.getKeys("rg", "acct");
    expect(await signsIn(primary)).toBe(true);
  });
});
