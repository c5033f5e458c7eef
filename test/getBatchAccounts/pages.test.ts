import { accountListing } from "../../provider/azure/accountListing";
import { type ListingWorld, listingWorld } from "../support/listingWorld";
import { requestsOf } from "../support/simulatedWorld";

let world: ListingWorld;

afterEach(() => world.simulator.close());

async function start(accounts: number, pageSize = 2): Promise<void> {
  world = await listingWorld({ pageSize });
  for (let number = 0; number < accounts; number += 1) {
    const resourceGroupName = number % 2 === 0 ? "even" : "odd";
    world.simulator.createAccount({ name: `account${String(number)}`, resourceGroupName });
  }
}

function names(accounts: readonly { readonly name: string }[]): string[] {
  return accounts.map(({ name }) => name);
}

test("every page is read, and each account comes once, in order", async () => {
  await start(5);
  const requests = await requestsOf(world, async () => {
    const expected = ["account0", "account1", "account2", "account3", "account4"];
    expect(names(await world.list())).toEqual(expected);
  });
  expect(requests).toEqual(["list", "list", "list"]);
  const [first] = world.simulator.requests.filter(({ operation }) => operation === "list");
  expect(first?.query).toBe("?api-version=2024-07-01");
});

test("a resource group's accounts come alone, whatever the letter case of its name", async () => {
  await start(5);
  expect(names(await world.list({ resourceGroupName: "ODD" }))).toEqual(["account1", "account3"]);
});

test("a subscription without accounts gives none", async () => {
  await start(0);
  expect(await world.list()).toEqual([]);
});

test("an empty page is not the end of the list", async () => {
  await start(3, 3);
  const nextLink = `${world.simulator.url}/subscriptions/${world.simulator.subscriptionId}/providers/Microsoft.Batch/batchAccounts?api-version=2024-07-01`;
  const body = JSON.stringify({ value: [], nextLink });
  world.simulator.inject({ operation: "list", fault: { kind: "Body", body } });
  expect(await world.list()).toHaveLength(3);
});

test("a page is read when the one before has been gone through, and not at all after a break", async () => {
  await start(6);
  const pagesAt: number[] = [];
  const pages = () =>
    world.simulator.requests.filter(({ operation }) => operation === "list").length;
  const { accounts } = accountListing(world.connections, {});
  expect(pages()).toBe(0);
  for await (const { name } of accounts) {
    pagesAt.push(pages());
    if (name === "account3") break;
  }
  expect(pagesAt).toEqual([1, 1, 2, 2]);
  expect(pages()).toBe(2);
});

test("a list that is gone through again is read again", async () => {
  await start(1);
  const { accounts } = accountListing(world.connections, {});
  const { subscriptionId } = world.simulator;
  const count = async () => {
    let found = 0;
    for await (const account of accounts) found += account.id.includes(subscriptionId) ? 1 : 0;
    return found;
  };
  expect(await count()).toBe(1);
  world.simulator.createAccount({ name: "later" });
  expect(await count()).toBe(2);
});

test("all lists of a process share one sign-in", async () => {
  await start(3);
  await Promise.all([world.list(), world.list({ resourceGroupName: "odd" })]);
  await world.list();
  const signIns = world.simulator.requests.filter(({ operation }) => operation === "token");
  expect(signIns).toHaveLength(1);
});

test("properties are azure-native's, and those that nobody knows yet are kept", async () => {
  await start(0);
  const id = world.simulator.createAccount({
    name: "novel",
    tags: { team: "render" },
    properties: {
      publicNetworkAccess: "SecuredByPerimeter",
      autoStorage: { storageAccountId: "/subscriptions/s", coming: { soon: [1] } },
      novelty: "kept",
    },
  });
  const [account] = await world.list();
  expect(account).toMatchObject({
    id,
    name: "novel",
    type: "Microsoft.Batch/batchAccounts",
    location: "westeurope",
    tags: { team: "render" },
    identity: { type: "None" },
    publicNetworkAccess: "SecuredByPerimeter",
    provisioningState: "Succeeded",
    autoStorage: { authenticationMode: "StorageKeys", coming: { soon: [1] } },
    novelty: "kept",
    dedicatedCoreQuotaPerVMFamilyEnforced: true,
  });
  expect(account).not.toHaveProperty("properties");
});
