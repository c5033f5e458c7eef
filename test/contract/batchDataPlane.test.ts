import { type IncomingHttpHeaders } from "node:http";
import { sign, stringToSign } from "../../simulator/sharedKey";
import { batchClient, closeSimulators, fixture, send, simulate } from "./simulatorAndClients";

afterEach(closeSimulators);

interface Vector {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly stringToSign: string;
  readonly authorization: string;
}

const { account, vectors } = fixture("sharedkey-vectors") as { account: string; vectors: Vector[] };
const ZERO_TO_63 = Buffer.from(Array.from({ length: 64 }, (_, byte) => byte)).toString("base64");

test.each(vectors)("the signature of $url is the official one", (vector) => {
  const headers: IncomingHttpHeaders = Object.fromEntries(
    Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const text = stringToSign(account, { method: vector.method, url: new URL(vector.url), headers });
  expect(text).toBe(vector.stringToSign);
  expect(`SharedKey ${account}:${sign(ZERO_TO_63, text)}`).toBe(vector.authorization);
});

test("a Date beside an ocp-date is left out of the string to sign, and repeated values joined", () => {
  const text = stringToSign("acct", {
    method: "GET",
    url: new URL("https://localhost/jobs?Timeout=30&a=2&a=1"),
    headers: { date: "Thu, 01 Jan 2026 00:00:00 GMT", "ocp-date": "x", "ocp-a": "y" },
  });
  expect(text.split("\n").slice(-5)).toEqual([
    "ocp-a:y",
    "ocp-date:x",
    "/acct/jobs",
    "a:1,2",
    "timeout:30",
  ]);
  expect(text).not.toContain("2026");
});

describe("Microsoft's @azure/batch", () => {
  test("gets in with either key, and no longer with one that has been regenerated", async () => {
    const simulator = await simulate();
    const account = simulator.account(simulator.createAccount({ name: "acct" }));
    const old = account.keys();
    const list = (key: string) =>
      batchClient(simulator, "acct", key).pool.list({
        poolListOptions: { maxResults: 1, select: "id" },
      });

    await expect(list(old.primary)).resolves.toHaveLength(0);
    await expect(list(old.secondary)).resolves.toHaveLength(0);

    account.regenerate("Secondary");
    await expect(list(old.primary)).resolves.toHaveLength(0);
    await expect(list(account.keys().secondary)).resolves.toHaveLength(0);
    await expect(list(old.secondary)).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthenticationFailed",
    });
    expect(account.regenerations).toMatchObject([{ keyName: "Secondary", origin: "OutOfBand" }]);
  });

  test("lists applications and jobs, of which there are none", async () => {
    const simulator = await simulate();
    const account = simulator.account(simulator.createAccount({ name: "acct" }));
    const client = batchClient(simulator, "acct", account.keys().primary);
    await expect(client.application.list()).resolves.toHaveLength(0);
    await expect(client.job.list()).resolves.toHaveLength(0);
    await expect(client.account.listSupportedImages()).resolves.toHaveLength(0);
    expect(simulator.requests).toHaveLength(3);
    expect(simulator.requests).toEqual(
      Array(3).fill(
        expect.objectContaining({ operation: "dataPlane", accountId: account.id, status: 200 }),
      ),
    );
  });

  test("cannot reach an account whose data plane is unreachable, while the keys stay valid", async () => {
    const simulator = await simulate();
    const account = simulator.account(simulator.createAccount({ name: "acct" }));
    const { primary } = account.keys();
    account.dataPlane = "Unreachable";
    await expect(batchClient(simulator, "acct", primary).pool.list()).rejects.toMatchObject({
      code: "ECONNRESET",
    });
    expect(account.accepts(primary)).toBe(true);
  });

  test("is refused with every key by a data plane that rejects", async () => {
    const simulator = await simulate();
    const account = simulator.account(simulator.createAccount({ name: "acct" }));
    const { primary } = account.keys();
    account.dataPlane = "Rejecting";
    await expect(batchClient(simulator, "acct", primary).pool.list()).rejects.toMatchObject({
      statusCode: 403,
    });
    expect(account.accepts(primary)).toBe(false);
  });
});

test("a regenerated key works only after it has propagated; the old one stops at once", async () => {
  let now = Date.now();
  const simulator = await simulate({ now: () => now, keyPropagationMs: 5_000 });
  const account = simulator.account(simulator.createAccount({ name: "acct" }));
  const { primary: old } = account.keys();

  account.regenerate("Primary");
  const { primary: renewed } = account.keys();
  expect(account.keyWorks("Primary")).toBe(false);
  expect(account.accepts(old)).toBe(false);
  await expect(batchClient(simulator, "acct", renewed).pool.list()).rejects.toMatchObject({
    statusCode: 403,
  });

  now += 5_000;
  expect(account.keyWorks("Primary")).toBe(true);
  await expect(batchClient(simulator, "acct", renewed).pool.list()).resolves.toHaveLength(0);
});

test.each([
  ["no Authorization header", {}],
  ["a bearer token", { Authorization: "Bearer token" }],
])("a request with %s is refused", async (_, headers) => {
  const simulator = await simulate();
  expect(await send(simulator, "/pools", { headers })).toMatchObject({
    status: 403,
    body: { code: "AuthenticationFailed" },
  });
});

test.each([
  [-16, 403],
  [-14, 200],
  [16, 403],
])("a request dated %i minutes from now is answered with %i", async (minutes, status) => {
  const simulator = await simulate();
  const account = simulator.account(simulator.createAccount({ name: "acct" }));
  const date = new Date(Date.now() + minutes * 60_000).toUTCString();
  const headers = { "ocp-date": date };
  const text = stringToSign("acct", {
    method: "GET",
    url: new URL("/jobs", simulator.url),
    headers,
  });
  const response = await send(simulator, "/jobs", {
    headers: { ...headers, Authorization: `SharedKey acct:${sign(account.keys().primary, text)}` },
  });
  expect(response.status).toBe(status);
});
