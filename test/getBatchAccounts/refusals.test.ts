import type { Fault } from "../../simulator/index";
import { type ListingWorld, listingWorld } from "../support/listingWorld";
import { requestsOf } from "../support/simulatedWorld";

let world: ListingWorld;

async function start(options: Parameters<typeof listingWorld>[0] = {}): Promise<void> {
  world = await listingWorld({ pageSize: 2, ...options });
  for (const name of ["one11", "two22", "three"]) {
    world.simulator.createAccount({ name, resourceGroupName: "group" });
  }
}

afterEach(() => world.simulator.close());

/** Befalls the second page and whatever is asked after it. */
function spoilSecondPage(fault: Fault, times = Infinity) {
  return world.simulator.inject({ operation: "list", after: 1, times, fault });
}

describe("a failure that may pass is tried again", () => {
  beforeEach(() => start());

  test.each<[string, Fault]>([
    ["a connection cut in the middle of a page", { kind: "CutBody", afterBytes: 300 }],
    ["a connection cut before the answer", { kind: "Drop", when: "BeforeEffect" }],
    ["a 503", { kind: "Error", status: 503, code: "ServerBusy" }],
  ])("%s", async (_, fault) => {
    const spoilt = spoilSecondPage(fault, 1);
    const requests = await requestsOf(world, async () => {
      expect((await world.list()).map(({ name }) => name)).toEqual(["one11", "two22", "three"]);
    });
    expect(spoilt.hits).toBe(1);
    expect(requests).toEqual(["list", "list", "list"]);
  });
});

test("a throttled page is asked for again after its Retry-After", async () => {
  await start();
  const headers = { "Retry-After": "1" };
  const throttled: Fault = { kind: "Error", status: 429, code: "TooManyRequests", headers };
  spoilSecondPage(throttled, 1);
  expect(await world.list()).toHaveLength(3);
  const [, refused, repeated] = world.simulator.requests.filter(
    ({ operation }) => operation === "list",
  );
  const waited = (repeated?.startedAt.getTime() ?? 0) - (refused?.endedAt?.getTime() ?? Infinity);
  // Timers may be a little early by the clock.
  expect(waited).toBeGreaterThanOrEqual(990);
});

describe("what Azure Resource Manager refuses", () => {
  beforeEach(() => start());

  const denied: Fault = {
    kind: "Error",
    status: 403,
    code: "AuthorizationFailed",
    message: "The client does not have authorization.",
  };

  test("403 names the subscription, and the action that is missing there", async () => {
    world.simulator.inject({ operation: "list", fault: denied });
    const { subscriptionId } = world.simulator;
    expect(await world.failure()).toMatch(
      new RegExp(
        `^could not list the Batch accounts \\(page 1\\) of subscription ${subscriptionId}: 403 AuthorizationFailed: The client does not have authorization \\(correlation id [-0-9a-f]{36}\\)\\. Next: give the identity a role with the action Microsoft.Batch/batchAccounts/read on the subscription;`,
      ),
    );
  });

  test("403 names the resource group and the page", async () => {
    spoilSecondPage(denied);
    const failure = await world.failure({ resourceGroupName: "group" });
    expect(failure).toContain('(page 2) of resource group "group" (subscription ');
    expect(failure).toContain("Microsoft.Batch/batchAccounts/read on the resource group;");
  });

  test("404 of a resource group says what to check", async () => {
    expect(await world.failure({ resourceGroupName: "nowhere" })).toMatch(
      /404 ResourceGroupNotFound: .*Next: check resourceGroupName and subscriptionId$/,
    );
  });

  test("404 of a subscription says what to check", async () => {
    const subscriptionId = "00000000-0000-0000-0000-000000000000";
    expect(await world.failure({ subscriptionId })).toMatch(
      /404 SubscriptionNotFound: .*Next: check subscriptionId, and that the identity's tenant/,
    );
  });

  test("an error that stays is told, with the number of the page", async () => {
    spoilSecondPage({ kind: "Drop", when: "BeforeEffect" });
    expect(await world.failure()).toMatch(
      /\(page 2\) of subscription .*Next: check the connection to https:\/\/localhost:\d+/,
    );
  });
});

describe("a page of another form is told with its number and what is wrong", () => {
  beforeEach(() => start());

  test.each([
    ["null", '"value" is not an array'],
    ["[]", '"value" is not an array'],
    ['{"value":{}}', '"value" is not an array'],
    ['{"value":[{"id":"x","name":"y"},{"id":"x"}]}', 'entry 2 has no "name"'],
    ['{"value":[{"id":7,"name":"y"}]}', 'entry 1 has no "id"'],
    ['{"value":[null]}', 'entry 1 has no "id"'],
    ['{"value":[],"nextLink":7}', "nextLink is not a string"],
    ['{"value":[],"nextLink":"/subscriptions"}', "nextLink is not a whole URL"],
  ])("%s", async (body, reason) => {
    spoilSecondPage({ kind: "Body", body });
    const failure = await world.failure();
    expect(failure).toContain("could not list the Batch accounts (page 2) of subscription");
    expect(failure).toContain(
      `does not have the form of this API version: ${reason} (correlation id`,
    );
  });
});

test("a page that is no JSON is told as that of something in between", async () => {
  await start();
  const headers = { "Content-Type": "text/html", Server: "gateway/1.0" };
  spoilSecondPage({ kind: "Body", body: "<html>", headers });
  expect(await world.failure()).toMatch(
    /^could not list the Batch accounts \(page 2\) of subscription \S+: something between this machine and Azure Resource Manager \(https:\/\/localhost:\d+\) has answered in its place \(200, text\/html, server gateway\/1\.0\)\. Next: check the proxy, gateway or firewall on the way$/,
  );
});

describe("a nextLink is followed only at the Resource Manager in use", () => {
  let evil: ListingWorld;

  beforeEach(async () => {
    await start();
    evil = await listingWorld();
  });
  afterEach(() => evil.simulator.close());

  test.each<[string, (host: string, evilHost: string) => string, string]>([
    ["another port", (_, evilHost) => `https://${evilHost}/x`, "another"],
    ["another host", () => "https://127.0.0.2/x", "https://127.0.0.2"],
    ["plain http", (host) => `http://${host}/x`, "http://localhost"],
    ["a host behind a user name", (host, evilHost) => `https://${host}@${evilHost}/x`, "another"],
    ["credentials", (host) => `https://user:pass@${host}/x`, "a user name or a password"],
  ])("not to %s", async (_, link, named) => {
    const [host, evilHost] = [world, evil].map(({ simulator }) => new URL(simulator.url).host);
    const nextLink = link(host ?? "", evilHost ?? "");
    const body = JSON.stringify({ value: [], nextLink });
    world.simulator.inject({ operation: "list", fault: { kind: "Body", body } });
    const requests = await requestsOf(world, async () => {
      const failure = await world.failure();
      expect(failure).toContain(named === "another" ? `leads to ${evil.simulator.url},` : named);
      expect(failure).toContain(world.simulator.url);
      expect(failure).toContain("was not followed");
    });
    expect(requests).toEqual(["list"]);
    expect(evil.simulator.requests).toEqual([]);
  });

  test.each([1, 2, 3])("a loop of %p pages ends with an error", async (length) => {
    const page = (number: number) =>
      `${world.simulator.url}/subscriptions/${world.simulator.subscriptionId}/providers/Microsoft.Batch/batchAccounts?api-version=2024-07-01&page=${String(number % length)}`;
    for (let number = 0; number < 12; number += 1) {
      const body = JSON.stringify({ value: [], nextLink: page(number) });
      world.simulator.inject({ operation: "list", fault: { kind: "Body", body } });
    }
    const requests = await requestsOf(world, async () => {
      expect(await world.failure()).toContain("leads back to a page that was read before");
    });
    expect(requests.length).toBeLessThanOrEqual(3 * length);
  });
});

describe("mistakes in the arguments are told before anything is asked of Azure", () => {
  beforeEach(() => start({ environment: { ARM_SUBSCRIPTION_ID: "" } }));

  test.each([
    [{}, "subscriptionId is missing: a subscription id is a GUID; give it here, configure"],
    [{ subscriptionId: "mine" }, 'subscriptionId "mine": a subscription id is a GUID'],
    [{ resourceGroupName: "a/b" }, 'resourceGroupName "a/b": a resource group\'s name is'],
    [{ resourceGroupName: "" }, "resourceGroupName is missing: a resource group's name is"],
    [{ configNamespace: "a:b" }, 'configNamespace "a:b" is not a configuration namespace'],
  ])("%j", async (args, message) => {
    expect(await world.failure(args)).toMatch(/^could not list Batch accounts: /);
    expect(await world.failure(args)).toContain(message);
    expect(world.simulator.requests).toEqual([]);
  });

  test("all of them at once", async () => {
    expect(await world.failure({ resourceGroupName: "a." })).toMatch(
      /subscriptionId is missing: .*; resourceGroupName "a\."/,
    );
  });
});

test("a failed sign-in is told without the secret", async () => {
  await start({ environment: { ARM_CLIENT_SECRET: "not-the-secret" } });
  const failure = await world.failure();
  expect(failure).toMatch(
    /^could not sign in to Azure with a client secret to tenant .*: AADSTS7000215: /,
  );
  expect(failure).not.toContain("not-the-secret");
});
