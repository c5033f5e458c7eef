import type { Fault, RecordedRequest, SimulatedAccount } from "../../simulator";
import { managementClient } from "../contract/simulatorAndClients";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";
import { StatefulEngine } from "../support/statefulEngine";

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

async function start(options: Parameters<typeof worldWithAccount>[0] = {}): Promise<void> {
  ({ world, accountId, account } = await worldWithAccount(options));
}

afterEach(() => world.simulator.close());

/** The message with which creating the rotation fails; nothing may have changed. */
async function failure(): Promise<string> {
  const failed = world.engine.up({ accountId, verifyKey: "None" });
  await expect(failed).rejects.toThrow();
  expect(account.regenerations).toHaveLength(0);
  return failed.catch((error: unknown) => (error as Error).message);
}

/** Rotates new accounts, all at once, each as a resource of its own. */
async function rotate(...names: string[]): Promise<void> {
  const rotations = names.map((name) =>
    new StatefulEngine(world.lifecycle).up({
      accountId: world.simulator.createAccount({ name }),
      verifyKey: "None",
    }),
  );
  await Promise.all(rotations);
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `account${String(index)}`);
}

function requestsSince(start: number): RecordedRequest[] {
  return world.simulator.requests
    .slice(start)
    .filter(({ path }) => path.startsWith("/subscriptions/"));
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A 429 or a 503 that asks to come back later. */
function busy(status: number, seconds: number): Fault {
  const headers = { "Retry-After": String(seconds) };
  return { kind: "Error", status, code: "TooManyRequests", headers };
}

describe("a subscription that is throttled", () => {
  test("is left alone by the whole process until it wants to be asked again", async () => {
    await start();
    await rotate("before");
    const begin = world.simulator.requests.length;
    world.simulator.inject({ operation: "get", accountId, fault: busy(429, 2) });
    const throttled = world.engine.up({ accountId, verifyKey: "None" });
    await after(500);
    await Promise.all([throttled, rotate("second", "third")]);
    const [refused, ...others] = requestsSince(begin);
    expect(others).toHaveLength(6);
    const begun = others.map(({ startedAt }) => startedAt.getTime());
    // Timers may be a little early by the clock.
    expect(Math.min(...begun) - (refused?.endedAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(1_990);
  });

  test("is left alone by requests of another kind, too, the first of them included", async () => {
    await start();
    const begin = world.simulator.requests.length;
    world.simulator.inject({ operation: "get", accountId, fault: busy(429, 2) });
    const throttled = world.engine.up({ accountId, verifyKey: "None" });
    await after(500);
    const { read } = world.newProcess();
    await read(world.simulator.createAccount({ name: "another" }));
    await throttled;
    const [refused, ...others] = requestsSince(begin);
    const begun = others.map(({ startedAt }) => startedAt.getTime());
    expect(Math.min(...begun) - (refused?.endedAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(1_990);
  });

  test("stays paused whatever an answer to an earlier request says", async () => {
    await start();
    await rotate("before");
    const late = { kind: "Delay", milliseconds: 800, when: "AfterEffect" } as const;
    world.simulator.inject({ operation: "get", fault: late });
    const slow = rotate("slow");
    await after(200);
    world.simulator.inject({ operation: "get", accountId, fault: busy(429, 2) });
    const begin = world.simulator.requests.length;
    await Promise.all([world.engine.up({ accountId, verifyKey: "None" }), slow]);
    const [refused, ...others] = requestsSince(begin);
    const begun = others.map(({ startedAt }) => startedAt.getTime());
    expect(Math.min(...begun) - (refused?.endedAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(1_990);
  });

  test("is served although it says that less than nothing is left", async () => {
    await start();
    const headers = { "x-ms-ratelimit-remaining-subscription-reads": "-100000" };
    const fault = { kind: "Error", status: 409, code: "Conflict", headers } as const;
    world.simulator.inject({ operation: "get", fault });
    await failure();
    await rotate("after");
  });

  test("is not asked for more than it says is left", async () => {
    await start({ throttle: { writes: { capacity: 20, refillPerSecond: 10 } } });
    await rotate(...numbered(30));
    expect(world.simulator.throttledRequests).toBe(0);
  });

  test("is tried by one request when an earlier command may have used it up", async () => {
    await start({ throttle: { writes: { capacity: 5, refillPerSecond: 10 } } });
    const { batchAccountOperations } = managementClient(world.simulator);
    for (let write = 0; write < 5; write += 1) {
      await batchAccountOperations.getKeys("group", "rotated");
    }
    await rotate(...numbered(10));
    expect(world.simulator.throttledRequests).toBeLessThanOrEqual(1);
  });

  test("is served in the end although its limits are lower than Azure's", async () => {
    await start({ throttle: { writes: { capacity: 2, refillPerSecond: 4 } } });
    await rotate(...numbered(8));
    expect(world.simulator.throttledRequests).toBeLessThan(8);
  });

  test("has 500 keys rotated without a failure, and hardly refuses a request", async () => {
    await start({ throttle: true });
    const begin = performance.now();
    await rotate(...numbered(500));
    const seconds = (performance.now() - begin) / 1_000;
    const bound = (500 - 200) / 10;
    const { throttledRequests } = world.simulator;
    process.stdout.write(
      `500 rotations: ${String(throttledRequests)} answers of 429, ${seconds.toFixed(1)} s; the bucket's own bound is ${String(bound)} s\n`,
    );
    expect(throttledRequests).toBeLessThanOrEqual(2);
  }, 120_000);
});

describe("what cannot succeed fails at once", () => {
  test.each([429, 503])("a %p that asks for more than ten minutes", async (status) => {
    await start();
    const fault = busy(status, 2_700);
    world.simulator.inject({ operation: "get", times: Infinity, fault });
    const requests = await requestsOf(world, async () => {
      expect(await failure()).toMatch(/Next: .* again in 45 minutes/);
    });
    expect(requests).toEqual(["get"]);
  });

  test("a throttled request does not hold up others for longer than anyone would wait", async () => {
    await start();
    await rotate("before");
    world.simulator.inject({ operation: "get", accountId, fault: busy(429, 2_700) });
    await failure();
    await rotate("after");
  });
});

describe("waiting", () => {
  test.each([429, 503])("is as long as a %p asks for", async (status) => {
    await start();
    const begin = world.simulator.requests.length;
    world.simulator.inject({ operation: "get", fault: busy(status, 1) });
    await world.engine.up({ accountId, verifyKey: "None" });
    const [refused, repeated] = requestsSince(begin);
    const waited = (repeated?.startedAt.getTime() ?? 0) - (refused?.endedAt?.getTime() ?? Infinity);
    expect(waited).toBeGreaterThanOrEqual(990);
  });

  test("is told once in a while, in one line for all requests that wait", async () => {
    await start({ logAfter: 100 });
    await rotate("before");
    world.told.length = 0;
    const delay = { kind: "Delay", milliseconds: 350, when: "BeforeEffect" } as const;
    world.simulator.inject({ operation: "get", times: 2, fault: delay });
    await Promise.all([world.engine.up({ accountId, verifyKey: "None" }), rotate("another")]);
    expect(world.told.length).toBeGreaterThanOrEqual(2);
    expect(world.told.length).toBeLessThanOrEqual(4);
    expect(world.told[0]).toMatch(
      /^waiting for \d+ s: the request to read Batch account "rotated" .* waits for an answer; 1 more under way$/,
    );
  });

  test("names what is waited for", async () => {
    await start({ logAfter: 300 });
    world.simulator.inject({ operation: "get", fault: busy(503, 1) });
    await world.engine.up({ accountId, verifyKey: "None" });
    expect(world.told.join("\n")).toMatch(
      /waits for its next attempt, which comes 1 s after a 503/,
    );
  });

  test("ends after a total time, with nothing changed", async () => {
    await start({ http: { longestCall: 500 }, retry: { firstDelay: 50 } });
    const fault = busy(429, 0);
    world.simulator.inject({ operation: "regenerateKeys", times: Infinity, fault });
    expect(await failure()).toMatch(/429 TooManyRequests/);
  });

  test("for the limits of a subscription ends after a total time, with nothing changed", async () => {
    await start({ http: { longestCall: 1_000 } });
    await rotate("before");
    world.simulator.inject({ operation: "get", fault: busy(429, 30) });
    const [first, second] = await Promise.allSettled([failure(), rotate("another")]);
    expect(first).toMatchObject({ status: "fulfilled" });
    expect(second).toMatchObject({ status: "rejected" });
  });
});

describe("a session that was revoked", () => {
  test("is renewed with the claims that Azure asks for, and the key rotates once", async () => {
    await start();
    await world.engine.up({ accountId, verifyKey: "None" });
    world.simulator.revokeSessions();
    const requests = await requestsOf(world, () =>
      world.engine.up({ accountId, version: 2, verifyKey: "None" }),
    );
    expect(requests).toEqual(["get", "get", "regenerateKeys"]);
    expect(account.regenerations).toHaveLength(2);
  });

  test("while a key is being rotated is renewed as well, and the key rotates once", async () => {
    await start();
    await world.engine.up({ accountId, verifyKey: "None" });
    const hold = { kind: "Delay", milliseconds: 200, when: "AfterEffect" } as const;
    world.simulator.inject({ operation: "get", fault: hold });
    const update = world.engine.up({ accountId, version: 2, verifyKey: "None" });
    await after(100);
    world.simulator.revokeSessions();
    await update;
    expect(account.regenerations).toHaveLength(2);
  });
});
