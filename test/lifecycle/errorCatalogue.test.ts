import type { Fault, OperationName, SimulatedAccount } from "../../simulator";
import { fixture } from "../contract/simulatorAndClients";
import { DOCUMENTED, expectDocumented } from "../support/documentedErrors";
import { type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";

/*
 * Every error answer of Azure that is known, as captured (test/fixtures/errors.json): what the user
 * then reads. docs/errors.md says the same, to the letter.
 */

interface Capture {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly error?: { readonly code: string; readonly message: string } };
}
const { errors } = fixture("errors") as { errors: Record<string, Capture> };

/** The rows of docs/errors.md that a test below has given to the package. */
const tested = new Set<string>();

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount({ retry: { maximumRetries: 1 } }));
});
afterEach(() => world.simulator.close());

/** The message with which a rotation fails. */
async function failure(args: object = {}): Promise<string> {
  const failed = world.engine.up({ accountId, ...args });
  await expect(failed).rejects.toThrow();
  return failed.catch((error: unknown) => (error as Error).message);
}

/** Nothing was rotated, nothing was leaked, and the documents give the same advice. */
function expectHarmless(name: string, message: string): void {
  expect(account.regenerations).toHaveLength(0);
  expectTold(name, message);
}

function expectTold(name: string, message: string): void {
  tested.add(name);
  const { primary, secondary } = account.keys();
  for (const secret of [primary, secondary, world.simulator.clientSecret, "eyJ"]) {
    expect(message + world.told.join("\n")).not.toContain(secret);
  }
  expectDocumented(name, message);
}

/** A captured answer of Azure Resource Manager, on its way to the client. */
function answer(name: string, overrides: Record<string, string> = {}): Fault {
  const { status, headers, body } = errors[name] ?? fail(name);
  return {
    kind: "Error",
    status,
    code: body?.error?.code ?? "",
    message: body?.error?.message ?? "",
    headers: { ...headers, ...overrides },
  };
}

/** How many tokens were asked for. */
function sentTokens(): number {
  return world.simulator.requests.filter(({ operation }) => operation === "token").length;
}

function fail(name: string): never {
  throw new Error(`no capture of ${name}`);
}

describe("Azure Resource Manager answers", () => {
  const rows: [string, OperationName, RegExp][] = [
    ["AccountNotFound", "get", /404 AccountNotFound: The specified account does not exist \(/],
    ["ResourceNotFound", "get", /404 ResourceNotFound: The Resource 'Microsoft\.Batch/],
    ["ResourceGroupNotFound", "get", /404 ResourceGroupNotFound: Resource group '/],
    ["SubscriptionNotFound", "get", /404 SubscriptionNotFound: The subscription '/],
    ["AuthorizationFailed", "regenerateKeys", /403 AuthorizationFailed: The client '/],
    ["ExpiredAuthenticationToken", "get", /401 ExpiredAuthenticationToken: The access token exp/],
    ["AuthenticationFailed", "get", /401 AuthenticationFailed: Authentication failed/],
    ["InvalidAuthenticationToken", "get", /401 InvalidAuthenticationToken: The access token is/],
    ["ClaimsChallenge", "get", /: 401 /],
    ["ScopeLocked", "regenerateKeys", /409 ScopeLocked: The scope '/],
    ["InvalidResourceType", "get", /404 InvalidResourceType: The resource type could not be/],
    ["InvalidResourceNamespace", "get", /404 InvalidResourceNamespace: The resource namespace '/],
    ["NoRegisteredProviderFound", "get", /400 NoRegisteredProviderFound: No registered resource/],
    ["InvalidApiVersionParameter", "get", /400 InvalidApiVersionParameter: The api-version '/],
    ["UnsupportedApiVersion", "get", /400 UnsupportedApiVersion: The API version '/],
    ["MissingSubscriptionRegistration", "get", /409 MissingSubscriptionRegistration: The subs/],
    ["SubscriptionNotRegistered", "get", /404 SubscriptionNotRegistered: /],
    ["ReadOnlyDisabledSubscription", "regenerateKeys", /409 ReadOnlyDisabledSubscription: The s/],
    ["RequestDisallowedByPolicy", "regenerateKeys", /403 RequestDisallowedByPolicy: Resource '/],
    ["DenyAssignmentAuthorizationFailed", "regenerateKeys", /403 DenyAssignmentAuthorizationFai/],
  ];

  test.each(rows)("%s to %s", async (name, operation, expected) => {
    world.simulator.inject({ operation, times: Infinity, fault: answer(name) });
    const message = await failure();
    expect(message).toMatch(/^could not (read|regenerate the Secondary key of) Batch account/);
    expect(message).toMatch(expected);
    expect(message).toMatch(/\(correlation id [-0-9a-f]{36}\)/);
    expectHarmless(name, message);
  });

  test.each([
    ["InvalidResourceType", 400],
    ["NoRegisteredProviderFound", 404],
    ["ReadOnlyDisabledSubscription", 403],
  ])("%s with %i, as it has been seen too, is told alike", async (name, status) => {
    world.simulator.inject({ operation: "get", fault: { ...answer(name), status } as Fault });
    expectHarmless(name, await failure());
  });

  test.each(["AuthorizationFailed", "LinkedAuthorizationFailed"])(
    "%s that speaks of a deny assignment is told as one",
    async (code) => {
      const name = "DenyAssignmentAuthorizationFailed";
      world.simulator.inject({ operation: "get", fault: { ...answer(name), code } as Fault });
      const message = await failure();
      expect(message).toContain(`403 ${code}: `);
      expectHarmless(name, message);
    },
  );

  test("SubscriptionRequestsThrottled for longer than anyone waits", async () => {
    const name = "SubscriptionRequestsThrottled";
    const fault = answer(name, { "Retry-After": "2700" });
    world.simulator.inject({ operation: "regenerateKeys", times: Infinity, fault });
    const message = await failure();
    expect(message).toMatch(/429 SubscriptionRequestsThrottled: Number of /);
    expectHarmless(name, message);
  });

  test.each([500, 502, 503, 504])("%p for as long as it is asked", async (status) => {
    const fault = { kind: "Error", status, code: "ServerError" } as const;
    world.simulator.inject({ operation: "get", times: Infinity, fault });
    const message = await failure();
    expect(message).toMatch(new RegExp(`: ${String(status)} ServerError: `));
    expectHarmless("5xx", message);
  });

  test("Conflict while the account is being changed", async () => {
    const fault = { kind: "Error", status: 409, code: "Conflict" } as const;
    world.simulator.inject({ operation: "regenerateKeys", times: Infinity, fault });
    expectHarmless("Conflict", await failure());
  });

  test.each([
    ["not Azure Resource Manager", 200],
    ["not Azure Resource Manager", 403],
    ["not Azure Resource Manager", 404],
    ["not Azure Resource Manager: 5xx", 502],
    ["302", 302],
  ])("%s: a page of HTML with %i", async (name, status) => {
    const headers = { "Content-Type": "text/html", Server: "x", Location: "https://y.example/" };
    const fault = { kind: "Body", body: "<html>", status, headers } as const;
    world.simulator.inject({ operation: "get", times: Infinity, fault });
    const message = await failure();
    expect(message).toMatch(
      new RegExp(`in its place \\(${String(status)}, text/html, server x\\)\\. Next`),
    );
    expectHarmless(name, message);
  });

  test("200 with something else than an account", async () => {
    world.simulator.inject({ operation: "get", times: 9, fault: { kind: "Body", body: "{}" } });
    expectHarmless("200", await failure());
  });

  test("nothing: the connection is cut, each time", async () => {
    const fault = { kind: "Drop", when: "BeforeEffect" } as const;
    world.simulator.inject({ operation: "get", times: Infinity, fault });
    const message = await failure();
    expectHarmless("no answer", message);
  });
});

test("an account without shared keys is refused before Azure has to", async () => {
  const accountId = world.simulator.createAccount({
    name: "entraonly",
    allowedAuthenticationModes: ["AAD"],
  });
  expectHarmless("allowedAuthenticationModes", await failure({ accountId }));
});

test("a claims challenge, once: it is answered, and the key rotates once", async () => {
  world.simulator.inject({ operation: "regenerateKeys", fault: answer("ClaimsChallenge") });
  await world.engine.up({ accountId });
  expect(account.regenerations).toHaveLength(1);
  expect(sentTokens()).toBe(2);
});

describe("the Batch service answers", () => {
  test("DataPlaneWrongKey for as long as it is asked: the key that is held stays", async () => {
    const { status, body } = errors["DataPlaneWrongKey"] ?? fail("DataPlaneWrongKey");
    const fault: Fault = { kind: "Body", status, body: JSON.stringify(body) };
    world.simulator.inject({ operation: "dataPlane", times: Infinity, fault });
    const { primary } = account.keys();
    const message = await failure();
    expect(message).toMatch(
      /the new Secondary key .* does not work yet: .* refused the key's sign/,
    );
    expect(account.keys().primary).toBe(primary);
    expectTold("DataPlaneWrongKey", message);
  });

  test("DataPlaneSharedKeyNotAllowed: nothing about the key", async () => {
    const name = "DataPlaneSharedKeyNotAllowed";
    const { status, body } = errors[name] ?? fail(name);
    const fault: Fault = { kind: "Body", status, body: JSON.stringify(body) };
    world.simulator.inject({ operation: "dataPlane", times: Infinity, fault });
    const message = await failure({ verifyKey: "Required" });
    expect(message).toMatch(/does not work yet: localhost:\d+ answered 403/);
    expectTold(name, message);
    await world.engine.up({ accountId });
    expect(world.engine.state?.outputs).toMatchObject({ keyVerification: "Unreachable" });
  });
});

test("not the Batch service: a page of HTML says nothing about the key", async () => {
  const fault = { kind: "Body", body: "<html>" } as const;
  world.simulator.inject({ operation: "dataPlane", times: Infinity, fault });
  const message = await failure({ verifyKey: "Required" });
  expect(message).toMatch(
    /does not work yet: something between this machine and the Batch service/,
  );
  expectTold("not the Batch service", message);
});

test("each capture is documented, and each row of the documents was tested above", () => {
  const [, resourceManager = "", , batchService = ""] = DOCUMENTED.split(/^## /m);
  const rows = [...(resourceManager + batchService).matchAll(/^\| `([^`]+)`/gm)].map(
    ([, name]) => name,
  );
  expect(rows).toEqual(expect.arrayContaining(Object.keys(errors)));
  expect(new Set(rows)).toEqual(tested);
});
