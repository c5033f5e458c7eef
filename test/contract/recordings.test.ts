import { type SimulatedAccount, type Simulator } from "../../simulator";
import {
  closeSimulators,
  fixture,
  type PlainResponse,
  send,
  sendSigned,
  simulate,
} from "./simulatorAndClients";

afterEach(closeSimulators);

interface Recording {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

interface ErrorCapture {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

const recordings = fixture("recordings") as Record<string, Recording>;
const { errors } = fixture("errors") as { errors: Record<string, ErrorCapture> };
const API_VERSION = "api-version=2024-07-01";

let simulator: Simulator;
let account: SimulatedAccount;

beforeEach(async () => {
  simulator = await simulate({ longRunningOperationMs: 60_000, longRunningRetryAfterSeconds: 15 });
  account = simulator.account(
    simulator.createAccount({
      name: "myaccountxxx",
      resourceGroupName: "myjstest",
      properties: { autoStorage: { storageAccountId: "/storage" } },
    }),
  );
});

/** Says what a value is made of, so that two values of one form are equal. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shape);
  }
  return value instanceof Object
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]))
    : typeof value;
}

function expectRecorded(response: PlainResponse, name: string): void {
  const recording = recordings[name];
  expect(response.status).toBe(recording?.status);
  expect(shape(response.body)).toEqual(shape(recording?.body ?? undefined));
  const names = Object.keys(recording?.headers ?? {}).map((header) => header.toLowerCase());
  expect(Object.keys(response.headers)).toEqual(expect.arrayContaining(names));
  for (const fixed of ["cache-control", "content-type", "expires", "pragma", "retry-after"]) {
    const recorded = Object.entries(recording?.headers ?? {}).find(
      ([header]) => header.toLowerCase() === fixed,
    );
    if (recorded) {
      expect(response.headers[fixed]).toBe(recorded[1]);
    }
  }
}

/** A captured text with its {placeholders} as a pattern. */
function pattern(captured: string): RegExp {
  const escaped = captured.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\{\w+\}/g, "[^]+")}$`);
}

function matching(captured: unknown): unknown {
  if (Array.isArray(captured)) {
    return captured.map(matching);
  }
  if (captured instanceof Object) {
    return Object.fromEntries(
      Object.entries(captured).map(([name, member]) => [name, matching(member)]),
    );
  }
  return typeof captured === "string" ? expect.stringMatching(pattern(captured)) : captured;
}

function expectCaptured(response: PlainResponse, name: string): void {
  const capture = errors[name];
  expect(response.status).toBe(capture?.status);
  expect(response.body).toEqual(matching(capture?.body));
  for (const [header, value] of Object.entries(capture?.headers ?? {})) {
    expect(response.headers[header.toLowerCase()]).toMatch(pattern(value));
  }
}

describe("the answer has the form of Azure's recording", () => {
  test("listKeys", async () => {
    const path = `${account.id}/listKeys?${API_VERSION}`;
    expectRecorded(await sendSigned(simulator, path, { method: "POST" }), "listKeys");
  });

  test("regenerateKeys", async () => {
    const response = await sendSigned(simulator, `${account.id}/regenerateKeys?${API_VERSION}`, {
      method: "POST",
      body: JSON.stringify({ keyName: "Primary" }),
    });
    expectRecorded(response, "regenerateKeys");
  });

  test("list", async () => {
    const path = `/subscriptions/${simulator.subscriptionId}/providers/Microsoft.Batch/batchAccounts`;
    expectRecorded(await sendSigned(simulator, `${path}?${API_VERSION}`), "list");
  });

  test("delete and the poll of its result", async () => {
    const accepted = await sendSigned(simulator, `${account.id}?${API_VERSION}`, {
      method: "DELETE",
    });
    expectRecorded(accepted, "delete");
    const location = accepted.headers.location ?? "";
    expect(location).toMatch(
      /\/providers\/Microsoft\.Batch\/locations\/westeurope\/accountOperationResults\/myaccountxxx-/,
    );
    expectRecorded(await sendSigned(simulator, location), "operationResult");
  });
});

describe("the error has the form of Azure's capture", () => {
  const missingPaths: [string, (id: string) => string][] = [
    ["ResourceNotFound", (id) => id.replace("myaccountxxx", "missing")],
    ["ResourceGroupNotFound", (id) => id.replace("myjstest", "missing")],
    ["SubscriptionNotFound", (id) => id.replace(/subscriptions\/[^/]+/, "subscriptions/missing")],
  ];
  test.each(missingPaths)("%s", async (name, missing) => {
    expectCaptured(await sendSigned(simulator, `${missing(account.id)}?${API_VERSION}`), name);
  });

  test("ScopeLocked and AuthorizationFailed", async () => {
    const path = `${account.id}/listKeys?${API_VERSION}`;
    account.locked = true;
    expectCaptured(await sendSigned(simulator, path, { method: "POST" }), "ScopeLocked");
    account.deniedActions.add("Microsoft.Batch/batchAccounts/listKeys/action");
    expectCaptured(await sendSigned(simulator, path, { method: "POST" }), "AuthorizationFailed");
  });

  test("401 without, with an unknown and with an expired token", async () => {
    const path = `${account.id}?${API_VERSION}`;
    expectCaptured(await send(simulator, path), "AuthenticationFailed");
    const headers = { Authorization: "Bearer e30.e30.AAAA" };
    expectCaptured(await send(simulator, path, { headers }), "InvalidAuthenticationToken");
    const shortLived = await simulate({ tokenLifetimeSeconds: 0 });
    expectCaptured(
      await sendSigned(shortLived, `/subscriptions?${API_VERSION}`),
      "ExpiredAuthenticationToken",
    );
  });

  test("403 of the data plane for a wrong key and for a forbidden kind of key", async () => {
    const signed = () =>
      send(simulator, "/pools", {
        headers: {
          "ocp-date": new Date().toUTCString(),
          Authorization: "SharedKey myaccountxxx:x",
        },
      });
    expectCaptured(await signed(), "DataPlaneWrongKey");
    const update = { properties: { allowedAuthenticationModes: ["AAD"] } };
    await sendSigned(simulator, `${account.id}?${API_VERSION}`, {
      method: "PATCH",
      body: JSON.stringify(update),
    });
    expectCaptured(await signed(), "DataPlaneSharedKeyNotAllowed");
  });
});

describe("Resource Manager refuses", () => {
  test.each([
    ["no api-version", "", "MissingApiVersionParameter"],
    ["a malformed api-version", "?api-version=latest", "InvalidApiVersionParameter"],
    ["an unknown api-version", "?api-version=2099-01-01", "NoRegisteredProviderFound"],
  ])("%s", async (_, query, code) => {
    expect(await sendSigned(simulator, `${account.id}${query}`)).toMatchObject({
      status: 400,
      body: { error: { code } },
    });
  });

  test.each(["primary", "", "Both"])("regenerateKeys of the key %j", async (keyName) => {
    const response = await sendSigned(simulator, `${account.id}/regenerateKeys?${API_VERSION}`, {
      method: "POST",
      body: JSON.stringify({ keyName }),
    });
    expect(response.status).toBe(400);
    expect(account.regenerations).toEqual([]);
  });

  test("a body that is not JSON, a path it does not know, a skip token it has not issued", async () => {
    const regenerate = `${account.id}/regenerateKeys?${API_VERSION}`;
    expect(await sendSigned(simulator, regenerate, { method: "POST", body: "{" })).toMatchObject({
      status: 400,
      body: { error: { code: "InvalidRequestContent" } },
    });
    expect(await sendSigned(simulator, `${account.id}/pools?${API_VERSION}`)).toMatchObject({
      status: 404,
      body: { error: { code: "InvalidResourceType" } },
    });
    const list = account.id.slice(0, account.id.lastIndexOf("/"));
    expect(await sendSigned(simulator, `${list}?${API_VERSION}&$skiptoken=guessed`)).toMatchObject({
      status: 400,
      body: { error: { code: "InvalidQueryParameterValue" } },
    });
  });
});
