import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, type SimulatedAccount, type Simulator } from "../../simulator";
import {
  closeSimulators,
  credential,
  managementClient,
  sendSigned,
  simulate,
} from "./simulatorAndClients";

let simulator: Simulator;
let account: SimulatedAccount;

beforeEach(async () => {
  simulator = await simulate();
  account = simulator.account(simulator.createAccount({ name: "acct", resourceGroupName: "rg" }));
});

afterEach(closeSimulators);

function regenerate(name = "acct") {
  return managementClient(simulator).batchAccountOperations.regenerateKey("rg", name, {
    keyName: "Primary",
  });
}

function inject(fault: Fault) {
  return simulator.inject({ operation: "regenerateKeys", fault });
}

test.each<[string, number, Fault]>([
  ["an error before it", 0, { kind: "Error", status: 503, code: "ServerBusy" }],
  ["an error after it", 1, { kind: "Error", status: 500, code: "Oops", when: "AfterEffect" }],
  ["a drop before it", 0, { kind: "Drop", when: "BeforeEffect" }],
  ["a drop after it", 1, { kind: "Drop", when: "AfterEffect" }],
  ["a cut answer", 1, { kind: "CutBody", afterBytes: 10 }],
  ["a malformed answer", 1, { kind: "Body", body: '{"accountName":' }],
  ["a gateway's answer", 1, { kind: "Body", body: "<html>", status: 502 }],
  [
    "a gateway's answer before it",
    0,
    { kind: "Body", body: "<html>", status: 502, when: "BeforeEffect" },
  ],
  ["a portal's answer before it", 0, { kind: "Body", body: "<html>", when: "BeforeEffect" }],
])("one regeneration fails by %s, with %i keys regenerated", async (_, regenerated, fault) => {
  const injected = inject(fault);
  await expect(regenerate()).rejects.toThrow();
  expect(account.regenerations).toHaveLength(regenerated);
  expect(injected.hits).toBe(1);

  expect(await regenerate()).toMatchObject(account.keys());
  expect(injected.hits).toBe(1);
});

test("an injected error has the service's form, headers and the request's status", async () => {
  inject({
    kind: "Error",
    status: 429,
    code: "TooManyRequests",
    message: "Slow down.",
    headers: { "Retry-After": "7" },
  });
  const path = `${account.id}/regenerateKeys?api-version=2024-02-01`;
  expect(await sendSigned(simulator, path, { method: "POST" })).toMatchObject({
    status: 429,
    headers: {
      "retry-after": "7",
      "x-ms-correlation-request-id": expect.any(String) as string,
    },
    body: { error: { code: "TooManyRequests", message: "Slow down." } },
  });
  simulator.inject({
    operation: "token",
    fault: { kind: "Error", status: 400, code: "AADSTS50196", message: "Loop." },
  });
  const attempt = credential(simulator).getToken(`${simulator.url}/.default`);
  await expect(attempt).rejects.toThrow(/AADSTS50196: Loop\./);
});

test.each(["BeforeEffect", "AfterEffect"] as const)(
  "a body that comes back %s has the status and the headers that it is given",
  async (when) => {
    const headers = { "Content-Type": "text/html", Server: "a gateway" };
    inject({ kind: "Body", body: "<html>", status: 403, headers, when });
    const path = `${account.id}/regenerateKeys?api-version=2024-02-01`;
    expect(await sendSigned(simulator, path, { method: "POST" })).toMatchObject({
      status: 403,
      headers: { "content-type": "text/html", server: "a gateway" },
      text: "<html>",
    });
  },
);

test("a dropped request is recorded without a status", async () => {
  inject({ kind: "Drop", when: "AfterEffect" });
  await expect(regenerate()).rejects.toThrow();
  expect(simulator.requests.at(-1)).toMatchObject({
    operation: "regenerateKeys",
    method: "POST",
    accountId: account.id,
    status: undefined,
    endedAt: expect.any(Date) as Date,
  });
});

test.each(["BeforeEffect", "AfterEffect"] as const)("a delay can be %s", async (when) => {
  inject({ kind: "Delay", milliseconds: 100, when });
  const started = Date.now();
  const pending = regenerate();
  while (simulator.requests.at(-1)?.operation !== "regenerateKeys") {
    await sleep(1);
  }
  expect(account.regenerations).toHaveLength(when === "BeforeEffect" ? 0 : 1);
  await pending;
  expect(Date.now() - started).toBeGreaterThanOrEqual(99);
  expect(account.regenerations).toHaveLength(1);
});

test("a delayed effect waits for its release, whatever has happened since", async () => {
  const injected = inject({ kind: "DelayedEffect" });
  await expect(regenerate()).rejects.toThrow();
  const { primary } = await regenerate();
  expect(account.keys().primary).toBe(primary);

  injected.release();
  expect(account.keys().primary).not.toBe(primary);
  expect(account.regenerations).toHaveLength(2);
  injected.release();
  expect(account.regenerations).toHaveLength(2);
});

test("delayed effects happen by themselves, each after its time", async () => {
  const fault: Fault = { kind: "DelayedEffect", milliseconds: 50 };
  simulator.inject({ operation: "regenerateKeys", times: 2, fault });
  await expect(regenerate()).rejects.toThrow();
  await expect(regenerate()).rejects.toThrow();
  while (account.regenerations.length < 2) {
    await sleep(5);
  }
  const requests = simulator.requests.filter(({ operation }) => operation === "regenerateKeys");
  const delays = account.regenerations.map(
    ({ at }, index) => at.getTime() - (requests[index]?.startedAt.getTime() ?? 0),
  );
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(49);
});

test("a fault befalls the account, the number of times and after as many requests as it says", async () => {
  simulator.createAccount({ name: "other", resourceGroupName: "rg" });
  const injected = simulator.inject({
    operation: "regenerateKeys",
    accountId: account.id.toUpperCase(),
    after: 1,
    times: 2,
    fault: { kind: "Error", status: 500, code: "Oops" },
  });
  const outcomes: string[] = [];
  for (const name of ["acct", "other", "acct", "other", "acct", "acct"]) {
    outcomes.push(
      await regenerate(name).then(
        () => "ok",
        () => "failed",
      ),
    );
  }
  expect(outcomes).toEqual(["ok", "ok", "failed", "ok", "failed", "ok"]);
  expect(injected.hits).toBe(2);
});

test("a removed fault befalls nothing more", async () => {
  const injected = simulator.inject({
    operation: "regenerateKeys",
    times: Infinity,
    fault: { kind: "Drop", when: "BeforeEffect" },
  });
  await expect(regenerate()).rejects.toThrow();
  injected.remove();
  await expect(regenerate()).resolves.toMatchObject({ accountName: "acct" });
});
