import { setTimeout as wait } from "node:timers/promises";
import {
  type OperationName,
  type SimulatedAccount,
  type Simulator,
  startSimulator,
} from "../../simulator";
import {
  type PartialFailure,
  partialFailure,
  PluginProcess,
  urnOf,
} from "../support/pluginProcess";

/*
 * The plugin's own process. Cancel is what the engine sends it on the first Ctrl-C; a time-out is what
 * a resource's customTimeouts give it.
 */

let simulator: Simulator;
let plugin: PluginProcess;
let account: SimulatedAccount;
let done: { id: string; outputs: Record<string, unknown> };
let wanted: Record<string, unknown>;

beforeEach(async () => {
  simulator = await startSimulator();
  account = simulator.account(simulator.createAccount({ name: "account" }));
  plugin = await PluginProcess.start(simulator.environment());
  await plugin.configure();
  const args = { accountId: account.id };
  const { inputs } = await plugin.check("keys", {}, args);
  done = await plugin.create("keys", inputs);
  ({ inputs: wanted } = await plugin.check("keys", inputs, { ...args, version: 2 }));
});
afterEach(async () => {
  plugin.stop();
  await simulator.close();
});

function regenerations(): string[] {
  return account.regenerations.map(({ keyName }) => keyName);
}

/** What comes of the rotation, and in how many milliseconds once an event has happened. */
async function failureAfter(
  event: () => Promise<void>,
  timeout = 0,
): Promise<{ error: Error; details: PartialFailure | undefined; took: number }> {
  const update = plugin.update("keys", done, wanted, { timeout }).then(
    () => new Error("it did not fail"),
    (error: unknown) => error as Error,
  );
  await event();
  const before = performance.now();
  const error = await update;
  return { error, details: partialFailure(error), took: performance.now() - before };
}

const logged = (text: string) =>
  until(() => plugin.logs.some(({ message }) => message.includes(text)));

const requested = (operation: OperationName, count: number) =>
  until(() => simulator.requests.filter((each) => each.operation === operation).length >= count);

async function until(isSo: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  while (!isSo()) await wait(20, undefined, { signal });
}

test("Cancel while a new key is tried saves the keys at once, and the next update regenerates nothing", async () => {
  account.dataPlane = "Rejecting";
  const { details, took } = await failureAfter(async () => {
    await logged("waiting for the new Primary key");
    await plugin.cancel();
  });
  expect(took).toBeLessThan(5_000);
  expect(details).toMatchObject({
    id: account.id,
    reasons: [expect.stringMatching(/does not work yet.*Next: run "pulumi up" again/)],
    outputs: { currentKeyName: "Secondary", keyVerification: "Rejected", generation: 2 },
  });
  expect(plugin.logs.map(({ urn }) => urn)).toContain(urnOf("keys"));

  account.dataPlane = "Available";
  const next = await PluginProcess.start(simulator.environment());
  try {
    await next.configure();
    const outputs = details?.outputs ?? {};
    const finished = await next.update("keys", { id: account.id, outputs }, wanted);
    expect(finished).toMatchObject({ currentKeyName: "Primary", keyVerification: "Verified" });
  } finally {
    next.stop();
  }
  expect(regenerations()).toEqual(["Secondary", "Primary"]);
});

test("a key that could not be tried once is not handed out untried", async () => {
  account.dataPlane = "Unreachable";
  const { details } = await failureAfter(async () => {
    await logged("waiting for the new Primary key");
    await plugin.cancel();
  });
  expect(details?.outputs).toMatchObject({
    currentKeyName: "Secondary",
    keyVerification: "Skipped",
  });
  expect(details?.message).toMatch(/could not be tried to the end: the update was interrupted/);
});

test("Cancel while Azure has asked to wait ends the update at once, and sends nothing more", async () => {
  simulator.inject({
    operation: "regenerateKeys",
    times: Infinity,
    fault: {
      kind: "Error",
      status: 429,
      code: "TooManyRequests",
      headers: { "Retry-After": "60" },
    },
  });
  const { error, details, took } = await failureAfter(async () => {
    await requested("regenerateKeys", 2);
    await wait(200);
    await plugin.cancel();
  });
  expect(took).toBeLessThan(3_000);
  expect(details).toBeUndefined();
  expect(error.message).toMatch(
    /could not regenerate .*it was interrupted when it waited for its next attempt, which comes 60 s after a 429.*allow it more time, then run "pulumi up" again/,
  );
  const requests = simulator.requests.length;
  await wait(1_000);
  expect(simulator.requests).toHaveLength(requests);
});

test("Cancel before a key has changed changes none", async () => {
  simulator.inject({
    operation: "get",
    fault: { kind: "Delay", milliseconds: 1_000, when: "AfterEffect" },
  });
  const { error, details } = await failureAfter(async () => {
    await requested("get", 2);
    await plugin.cancel();
  });
  expect(error.message).toMatch(/no key was changed: it was interrupted/);
  expect(details).toBeUndefined();
  expect(regenerations()).toEqual(["Secondary"]);
});

test("Cancel while Azure regenerates a key waits for its answer, and saves it", async () => {
  simulator.inject({
    operation: "regenerateKeys",
    fault: { kind: "Delay", milliseconds: 1_000, when: "AfterEffect" },
  });
  account.dataPlane = "Rejecting";
  const { details } = await failureAfter(async () => {
    await requested("regenerateKeys", 2);
    await plugin.cancel();
  });
  expect(regenerations()).toEqual(["Secondary", "Primary"]);
  expect(details?.outputs).toMatchObject({ generation: 2, currentKeyName: "Secondary" });
});

test("Cancel while a lost answer is waited for tells what to wait for, and guesses nothing", async () => {
  simulator.inject({ operation: "regenerateKeys", fault: { kind: "DelayedEffect" } });
  const { error, details } = await failureAfter(async () => {
    await logged("gave no usable answer");
    await plugin.cancel();
  });
  expect(details).toBeUndefined();
  expect(error.message).toMatch(
    /before it was known whether Azure regenerates the Primary key.*wait 30 seconds/,
  );
});

test("Cancel while a lost answer is waited for keeps a key that was regenerated", async () => {
  simulator.inject({ operation: "regenerateKeys", fault: { kind: "Drop", when: "AfterEffect" } });
  const update = plugin.update("keys", done, wanted);
  await logged("gave no usable answer");
  await plugin.cancel();
  // The key works at once: nothing is left to wait for.
  expect(await update).toMatchObject({ currentKeyName: "Primary", keyVerification: "Verified" });
  expect(regenerations()).toEqual(["Secondary", "Primary"]);
});

test("customTimeouts end an update half-way, as Cancel does", async () => {
  account.dataPlane = "Rejecting";
  const { details } = await failureAfter(() => Promise.resolve(), 2);
  expect(details?.outputs).toMatchObject({ generation: 2, currentKeyName: "Secondary" });
  expect(regenerations()).toEqual(["Secondary", "Primary"]);
});

test("customTimeouts say what was waited for when they were over", async () => {
  simulator.inject({
    operation: "get",
    times: Infinity,
    fault: { kind: "Error", status: 503, code: "ServerBusy", headers: { "Retry-After": "60" } },
  });
  const { error } = await failureAfter(() => Promise.resolve(), 1);
  expect(error.message).toMatch(
    /could not read .*the 1 s were over that customTimeouts gives it when it waited for its next attempt/,
  );
});

test("a plugin whose engine is gone regenerates nothing", async () => {
  plugin.killEngine();
  const { error, details } = await failureAfter(() => Promise.resolve());
  expect(error.message).toMatch(/Pulumi's engine at .* is gone: no key was changed on its behalf/);
  expect(details).toBeUndefined();
  expect(regenerations()).toEqual(["Secondary"]);
});

test("a plugin whose engine was killed ends by itself", async () => {
  plugin.killEngine();
  expect(await plugin.exit()).toBe(1);
});

test("an interrupt ends the process once what is under way is answered", async () => {
  simulator.inject({
    operation: "regenerateKeys",
    fault: { kind: "Delay", milliseconds: 500, when: "AfterEffect" },
  });
  const update = plugin.update("keys", done, wanted);
  await requested("regenerateKeys", 2);
  const [outputs, code] = await Promise.all([update, plugin.interrupt()]);
  expect(outputs).toMatchObject({ generation: 2, keyVerification: "Verified" });
  expect(code).toBe(0);
});
