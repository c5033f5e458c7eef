import type { Fault, SimulatedAccount } from "../../simulator";
import type { OutputsWithKeys } from "../support/rotationInputs";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount());
  await world.engine.up({ accountId });
});

afterEach(() => world.simulator.close());

function lose(fault: Fault, times = 1) {
  return world.simulator.inject({ operation: "regenerateKeys", times, fault });
}

function bump() {
  return world.engine.up({ accountId, version: 2 });
}

/** Outputs that a user may rely on: their current key works. */
function finishedOutputs(): OutputsWithKeys {
  const outputs = world.engine.state?.outputs as unknown as OutputsWithKeys;
  expect(account.accepts(outputs.currentKey)).toBe(true);
  expect(outputs.primaryKey).toBe(account.keys().primary);
  expect(outputs.secondaryKey).toBe(account.keys().secondary);
  return outputs;
}

/** Regenerations after the first, by key. */
function regenerations(): string[] {
  return account.regenerations.slice(1).map(({ keyName }) => keyName);
}

const LOST_AFTER: [string, Fault][] = [
  ["the connection was cut", { kind: "Drop", when: "AfterEffect" }],
  ["the answer was cut off", { kind: "CutBody", afterBytes: 20 }],
  ["the answer was not JSON", { kind: "Body", body: "<html>proxy</html>" }],
  ["the request was accepted with 202", { kind: "Body", body: "{}", status: 202 }],
  [
    "the keys were no keys",
    { kind: "Body", body: '{"accountName":"rotated","primary":"**","secondary":"**"}' },
  ],
  ["the answer was about another account", { kind: "Body", body: '{"accountName":"other"}' }],
  [
    "a gateway answered 504",
    { kind: "Error", status: 504, code: "GatewayTimeout", when: "AfterEffect" },
  ],
];

test("an answer that still has the key from before is as good as lost", async () => {
  const { primary, secondary } = account.keys();
  const body = JSON.stringify({ accountName: "rotated", primary, secondary });
  lose({ kind: "Body", body });
  await bump();
  expect(regenerations()).toEqual(["Primary"]);
  expect(finishedOutputs()).toMatchObject({ currentKeyName: "Primary" });
});

test.each(LOST_AFTER)(
  "%s after the rotation: it is found by reading, not repeated",
  async (_, fault) => {
    lose(fault);
    const requests = await requestsOf(world, bump);
    expect(requests).toEqual(["get", "regenerateKeys", "listKeys", "dataPlane"]);
    expect(regenerations()).toEqual(["Primary"]);
    expect(finishedOutputs()).toMatchObject({ currentKeyName: "Primary", generation: 2 });
  },
);

test.each<[string, Fault]>([
  ["the connection was cut", { kind: "Drop", when: "BeforeEffect" }],
  ["Azure answered 503", { kind: "Error", status: 503, code: "ServerBusy" }],
])("%s before the rotation: it is sent once more", async (_, fault) => {
  lose(fault);
  const requests = await requestsOf(world, bump);
  expect(requests.filter((operation) => operation === "regenerateKeys")).toHaveLength(2);
  expect(regenerations()).toEqual(["Primary"]);
  expect(finishedOutputs()).toMatchObject({ currentKeyName: "Primary" });
});

test("a first request that is executed after the second leaves the key that it made in state", async () => {
  const first = lose({ kind: "DelayedEffect" });
  let waits = 0;
  // The first wait settles the first request, the second follows the second request's answer.
  world.onWait = () => {
    waits += 1;
    if (waits === 2) first.release();
  };
  await bump();
  expect(regenerations()).toEqual(["Primary", "Primary"]);
  finishedOutputs();
});

test("a first request that is executed while it is settled is waited for", async () => {
  const first = lose({ kind: "DelayedEffect" });
  let waits = 0;
  world.onWait = () => {
    waits += 1;
    if (waits === 1) first.release();
  };
  await bump();
  expect(regenerations()).toEqual(["Primary"]);
  finishedOutputs();
});

test("two lost requests that changed nothing fail, and the key in use stays", async () => {
  const held = finishedOutputs().currentKey;
  lose({ kind: "Drop", when: "BeforeEffect" }, 2);
  await expect(bump()).rejects.toThrow(/two requests got no usable answer and changed nothing/);
  expect(world.engine.state?.inputs).toMatchObject({ version: 1 });
  expect(account.accepts(held)).toBe(true);
  await bump();
  expect(finishedOutputs()).toMatchObject({ generation: 2 });
});

test("a lost answer that cannot be settled either fails, and the key in use stays", async () => {
  const held = finishedOutputs().currentKey;
  lose({ kind: "Drop", when: "AfterEffect" });
  world.simulator.inject({
    operation: "listKeys",
    times: 9,
    fault: { kind: "Drop", when: "BeforeEffect" },
  });
  await expect(bump()).rejects.toThrow(/could not list the keys/);
  expect(account.accepts(held)).toBe(true);
  expect(world.engine.state).toMatchObject({ inputs: { version: 1 }, initErrors: false });
});

test("a second answer is kept, but not handed out, when the read after it fails", async () => {
  const held = finishedOutputs().currentKey;
  lose({ kind: "Drop", when: "BeforeEffect" });
  const unreadable = world.simulator.inject({
    operation: "listKeys",
    after: 1,
    times: 9,
    fault: { kind: "Drop", when: "BeforeEffect" },
  });
  await expect(bump()).rejects.toThrow(/could not list the keys/);
  expect(world.engine.state?.outputs).toMatchObject({
    currentKey: held,
    primaryKey: account.keys().primary,
  });
  unreadable.remove();
  const requests = await requestsOf(world, bump);
  expect(requests).toEqual(["get", "listKeys", "dataPlane"]);
  expect(finishedOutputs()).toMatchObject({ currentKeyName: "Primary" });
});

test("at create a lost answer is settled too: nobody holds the key yet", async () => {
  const another = world.simulator.createAccount({ name: "another" });
  lose({ kind: "Drop", when: "AfterEffect" });
  await world.engine.up({ accountId: another });
  const outputs = world.engine.state?.outputs as unknown as OutputsWithKeys;
  expect(world.simulator.account(another).accepts(outputs.currentKey)).toBe(true);
});

test("Both regenerates a leaked key even when the state is stale and the first request was lost", async () => {
  account.regenerate("Secondary");
  const leaked = account.keys();
  lose({ kind: "Drop", when: "BeforeEffect" });
  await world.engine.up({ accountId, version: 2, rotate: "Both" });
  expect(account.accepts(leaked.primary) || account.accepts(leaked.secondary)).toBe(false);
  finishedOutputs();
});

test("a key that was read after its request was lost is kept when the second request is refused", async () => {
  lose({ kind: "Drop", when: "AfterEffect" });
  lose({ kind: "Error", status: 409, code: "ScopeLocked" });
  const rotateCurrent = { accountId, version: 2, rotate: "Secondary" };
  await expect(world.engine.up(rotateCurrent)).rejects.toThrow(/ScopeLocked/);
  expect(finishedOutputs()).toMatchObject({ currentKeyName: "Secondary", generation: 1 });
  await world.engine.up(rotateCurrent);
  expect(finishedOutputs()).toMatchObject({ generation: 2, keyVerification: "Verified" });
});

test("calls for one account never overlap", async () => {
  const { lifecycle, simulator } = world;
  simulator.inject({
    operation: "listKeys",
    times: 2,
    fault: { kind: "Delay", milliseconds: 30, when: "BeforeEffect" },
  });
  const outputs = world.engine.state?.outputs ?? {};
  const before = simulator.requests.length;
  await Promise.all([lifecycle.read(accountId, outputs), lifecycle.read(accountId, outputs)]);
  const [first, second] = simulator.requests.slice(before);
  expect(second?.startedAt.getTime()).toBeGreaterThanOrEqual(first?.endedAt?.getTime() ?? Infinity);
});
