import { type BatchAccount, type BatchManagementClient } from "@azure/arm-batch";
import { type Simulator } from "../../simulator";
import { closeSimulators, managementClient, sendSigned, simulate } from "./simulatorAndClients";

let simulator: Simulator;
let client: BatchManagementClient;

beforeEach(async () => {
  simulator = await simulate({ pageSize: 2, longRunningRetryAfterSeconds: 0 });
  client = managementClient(simulator);
});

afterEach(closeSimulators);

async function collect(pages: AsyncIterable<BatchAccount>): Promise<string[]> {
  const names: string[] = [];
  for await (const account of pages) {
    names.push(account.name ?? "");
  }
  return names;
}

describe("Microsoft's @azure/arm-batch", () => {
  test("creates, reads, updates and deletes an account", async () => {
    const accounts = client.batchAccountOperations;
    await sendSigned(
      simulator,
      `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg?api-version=2021-04-01`,
      { method: "PUT", body: JSON.stringify({ location: "westeurope" }) },
    );

    const created = await accounts.beginCreateAndWait(
      "rg",
      "acct",
      { location: "westeurope", tags: { team: "a" }, autoStorage: { storageAccountId: "/s" } },
      { updateIntervalInMs: 1 },
    );
    expect(created).toMatchObject({
      name: "acct",
      provisioningState: "Succeeded",
      accountEndpoint: new URL(simulator.url).host,
      tags: { team: "a" },
      autoStorage: { storageAccountId: "/s", authenticationMode: "StorageKeys" },
    });

    const updated = await accounts.update("rg", "acct", { tags: { team: "b" } });
    expect(updated.tags).toEqual({ team: "b" });
    expect(await accounts.get("RG", "ACCT")).toEqual(updated);

    await accounts.beginDeleteAndWait("rg", "acct", { updateIntervalInMs: 1 });
    await expect(accounts.get("rg", "acct")).rejects.toMatchObject({
      statusCode: 404,
      code: "ResourceNotFound",
    });
  });

  test("lists the accounts of a subscription and of a resource group across pages", async () => {
    for (const name of ["one", "two", "three", "four", "five"]) {
      simulator.createAccount({ name, resourceGroupName: name === "two" ? "other" : "rg" });
    }
    simulator.createAccount({ name: "elsewhere", subscriptionId: "another-subscription" });

    expect(await collect(client.batchAccountOperations.list())).toEqual([
      "one",
      "two",
      "three",
      "four",
      "five",
    ]);
    expect(await collect(client.batchAccountOperations.listByResourceGroup("rg"))).toEqual([
      "one",
      "three",
      "four",
      "five",
    ]);
    expect(simulator.requests.filter(({ operation }) => operation === "list")).toHaveLength(5);
  });

  test.each(["Primary", "Secondary"] as const)("regenerates only the %s key", async (keyName) => {
    const id = simulator.createAccount({ name: "acct", resourceGroupName: "rg" });
    const account = simulator.account(id);
    const before = await client.batchAccountOperations.getKeys("rg", "acct");
    expect(before).toEqual({ accountName: "acct", ...account.keys() });

    const after = await client.batchAccountOperations.regenerateKey("rg", "acct", { keyName });

    const [changed, kept] =
      keyName === "Primary"
        ? (["primary", "secondary"] as const)
        : (["secondary", "primary"] as const);
    expect(after[changed]).not.toBe(before[changed]);
    expect(after[kept]).toBe(before[kept]);
    expect(Buffer.from(after[changed] ?? "", "base64")).toHaveLength(64);
    expect(account.accepts(before[changed] ?? "")).toBe(false);
    expect(account.keyWorks(keyName)).toBe(true);
    expect(account.regenerations).toEqual([
      { keyName, at: expect.any(Date) as Date, origin: "Request" },
    ]);
  });

  test("is told what it may not do", async () => {
    const id = simulator.createAccount({ name: "acct", resourceGroupName: "rg" });
    const account = simulator.account(id);
    const accounts = client.batchAccountOperations;
    const before = account.keys();

    account.locked = true;
    await expect(accounts.getKeys("rg", "acct")).rejects.toMatchObject({ code: "ScopeLocked" });
    await expect(accounts.get("rg", "acct")).resolves.toMatchObject({ name: "acct" });
    account.locked = false;

    account.deniedActions.add("Microsoft.Batch/batchAccounts/regenerateKeys/action");
    await expect(
      accounts.regenerateKey("rg", "acct", { keyName: "Primary" }),
    ).rejects.toMatchObject({ statusCode: 403, code: "AuthorizationFailed" });
    expect(account.keys()).toEqual(before);
  });

  test("is refused the keys of an account that does not allow shared keys", async () => {
    const id = simulator.createAccount({
      name: "acct",
      resourceGroupName: "rg",
      allowedAuthenticationModes: ["AAD"],
    });
    const accounts = client.batchAccountOperations;

    expect((await accounts.get("rg", "acct")).allowedAuthenticationModes).toEqual(["AAD"]);
    await expect(accounts.getKeys("rg", "acct")).rejects.toMatchObject({ statusCode: 409 });
    await expect(
      accounts.regenerateKey("rg", "acct", { keyName: "Primary" }),
    ).rejects.toMatchObject({ statusCode: 409 });
    expect(simulator.account(id).regenerations).toEqual([]);
  });

  test("cannot take a name that another account has", async () => {
    simulator.createAccount({ name: "acct", resourceGroupName: "rg" });
    simulator.createAccount({ name: "other", resourceGroupName: "rg2" });
    await expect(
      client.batchAccountOperations.beginCreateAndWait("rg2", "ACCT", { location: "eastus" }),
    ).rejects.toMatchObject({ statusCode: 409 });
  });
});

describe("a long-running operation", () => {
  test("is accepted, polled at its Location and then completed", async () => {
    let now = Date.now();
    const slow = await simulate({ now: () => now, longRunningOperationMs: 60_000 });
    const id = slow.createAccount({ name: "acct" });

    const accepted = await sendSigned(slow, `${id}?api-version=2024-07-01`, { method: "DELETE" });
    const location = accepted.headers.location ?? "";
    expect(accepted.status).toBe(202);
    expect(await sendSigned(slow, `${id}?api-version=2024-07-01`)).toMatchObject({
      status: 200,
      body: { properties: { provisioningState: "Deleting" } },
    });
    expect(await sendSigned(slow, location)).toMatchObject({ status: 202, headers: { location } });

    now += 60_000;
    expect(await sendSigned(slow, location)).toMatchObject({ status: 200, text: "" });
    expect((await sendSigned(slow, `${id}?api-version=2024-07-01`)).status).toBe(404);
  });
});
