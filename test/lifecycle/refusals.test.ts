import type { SimulatedAccount } from "../../simulator";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";
import { CheckFailed } from "../support/statefulEngine";

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

async function start(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  ({ world, accountId, account } = await worldWithAccount({ environment }));
}

afterEach(() => world.simulator.close());

/** The message with which creating the rotation fails; nothing may have changed. */
async function failureOf(args: object = { accountId }): Promise<string> {
  const before = account.keys();
  const failure = await world.engine.up({ ...args }).then(
    () => "no failure",
    (error: unknown) => (error as Error).message,
  );
  expect(account.keys()).toEqual(before);
  expect(world.engine.state).toBeUndefined();
  for (const secret of [world.simulator.clientSecret, before.primary, before.secondary]) {
    expect(failure + world.told.join()).not.toContain(secret);
  }
  return failure;
}

describe("what Azure Resource Manager refuses", () => {
  beforeEach(() => start());

  test("403 names the action that is missing and where to give it", async () => {
    account.deniedActions.add("Microsoft.Batch/batchAccounts/regenerateKeys/action");
    const failure = await failureOf();
    expect(failure).toMatch(/could not regenerate the Secondary key of Batch account "rotated"/);
    expect(failure).toMatch(/resource group "group", subscription [-0-9a-f]{36}/);
    expect(failure).toMatch(/403 AuthorizationFailed: The client .*correlation id [-0-9a-f]{36}/);
    expect(failure).toContain(
      "Next: give the identity a role with the action Microsoft.Batch/batchAccounts/regenerateKeys/action",
    );
  });

  test("a ReadOnly lock is named", async () => {
    account.locked = true;
    expect(await failureOf()).toMatch(/409 ScopeLocked.*Next: remove the ReadOnly lock/);
  });

  test.each([
    ["an account", "/rotated", "/missing", "check the account's name"],
    ["a resource group", "/group/", "/nowhere/", "check resourceGroupName"],
    [
      "a subscription",
      /subscriptions\/[^/]+/,
      `subscriptions/${"0".repeat(8)}-0000-0000-0000-000000000000`,
      "check subscriptionId",
    ],
  ])("404 of %s says what to check", async (_, from, to, advice) => {
    const failure = await failureOf({ accountId: accountId.replace(from, to) });
    expect(failure).toMatch(/: 404 \w+NotFound/);
    expect(failure).toContain(advice);
  });

  test("an account that refuses shared keys is refused before anything changes", async () => {
    const aad = world.simulator.createAccount({
      name: "entraonly",
      allowedAuthenticationModes: ["AAD"],
    });
    const requests = await requestsOf(world, async () => {
      expect(await failureOf({ accountId: aad })).toMatch(
        /does not allow shared keys \(its allowedAuthenticationModes: AAD\).*add "SharedKey".*Microsoft Entra ID/,
      );
    });
    expect(requests).toEqual(["get"]);
  });

  test.each([500, 502, 503])("reading is tried again after %p", async (status) => {
    world.simulator.inject({
      operation: "get",
      times: 2,
      fault: { kind: "Error", status, code: "ServerTrouble" },
    });
    await world.engine.up({ accountId });
    expect(account.regenerations).toHaveLength(1);
  });

  test("a throttled regenerateKeys is sent again after its Retry-After", async () => {
    world.simulator.inject({
      operation: "regenerateKeys",
      fault: {
        kind: "Error",
        status: 429,
        code: "SubscriptionRequestsThrottled",
        headers: { "Retry-After": "0" },
      },
    });
    await world.engine.up({ accountId });
    expect(account.regenerations).toHaveLength(1);
  });

  test.each([
    ["of another shape", '{"properties":{}}'],
    ["null", "null"],
  ])("an answer that is %s is told as such", async (_, body) => {
    world.simulator.inject({ operation: "get", times: 9, fault: { kind: "Body", body } });
    expect(await failureOf()).toMatch(/does not have the form of this API version/);
  });

  test("an error answer that holds secrets and control characters is cleaned", async () => {
    const key = account.keys().primary;
    world.simulator.inject({
      operation: "get",
      times: 9,
      fault: {
        kind: "Error",
        status: 400,
        code: "Bad\u001b[31m",
        message: `Bearer abc.def ${key}`,
      },
    });
    const failure = await failureOf();
    expect(failure).toContain("400 Bad: [secret] [secret]");
    expect(failure).not.toContain("\u001b");
  });

  test("an account's name that is not the one asked for gets into no message", async () => {
    const body = JSON.stringify({ name: `\u001b[2J ${account.keys().primary}`, properties: {} });
    world.simulator.inject({ operation: "get", times: 9, fault: { kind: "Body", body } });
    expect(await failureOf()).toMatch(/the answer is about another account/);
  });

  test("errors carry no stack: Pulumi would print it", async () => {
    account.locked = true;
    const error: unknown = await world.engine.up({ accountId }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ stack: "" });
  });
});

describe("signing in", () => {
  test("a wrong secret is told in Entra's words, without the secret", async () => {
    const wrong = "not-the-secret-of-this-application";
    await start({ ARM_CLIENT_SECRET: wrong });
    const failure = await failureOf();
    expect(failure).toMatch(
      /^could not sign in to Azure with a client secret to tenant .*: AADSTS7000215: .*Next: check tenantId/,
    );
    expect(failure).not.toContain(wrong);
  });

  test("a server that sends the form back does not get the secret into a message", async () => {
    const secret = "abc8Q~Xyz+/=";
    await start({ ARM_CLIENT_SECRET: secret });
    const echoed = new URLSearchParams({ client_secret: secret }).toString();
    const body = JSON.stringify({
      error: "invalid_client",
      error_description: `${echoed} ${secret}`,
    });
    world.simulator.inject({
      operation: "token",
      times: 9,
      fault: { kind: "Body", body, status: 400 },
    });
    const failure = await failureOf();
    expect(failure).toContain("could not sign in");
    expect(failure).not.toMatch(/abc8Q/);
  });

  test("a failed connection is made anew by the next resource", async () => {
    await start();
    const nonsense = world.simulator.inject({
      operation: "metadata",
      times: 9,
      fault: { kind: "Body", body: "hello" },
    });
    await failureOf();
    nonsense.remove();
    await world.engine.up({ accountId });
    expect(account.regenerations).toHaveLength(1);
  });

  test("the stack's configuration wins over the environment, an empty value too", async () => {
    await start({ ARM_CLIENT_SECRET: "from the environment" });
    const { clientSecret } = world.simulator;
    const stack: Record<string, string> = { "azure-native:clientSecret": clientSecret };
    await world.lifecycle.configure({ config: { get: (key) => stack[key] } });
    await world.engine.up({ accountId });
    stack["azure-native:tenantId"] = "";
    await world.lifecycle.configure({ config: { get: (key) => stack[key] } });
    await expect(world.engine.up({ accountId, version: 2 })).rejects.toThrow(
      /tenantId is not configured/,
    );
  });

  test("configNamespace reads another namespace", async () => {
    await start({ ARM_CLIENT_SECRET: "" });
    const stack: Record<string, string> = { "second:clientSecret": world.simulator.clientSecret };
    await world.lifecycle.configure({ config: { get: (key) => stack[key] } });
    await world.engine.up({ accountId, configNamespace: "second" });
    expect(JSON.stringify(world.engine.state)).not.toContain(world.simulator.clientSecret);
  });
});

test("mistakes in the arguments fail in check, before anything is asked of Azure", async () => {
  await start();
  const requests = await requestsOf(world, async () => {
    await expect(
      world.engine.up({ accountId: "x", rotate: "y", version: Number.NaN }),
    ).rejects.toEqual(new CheckFailed(["accountId", "version", "rotate"]));
  });
  expect(requests).toEqual([]);
});
