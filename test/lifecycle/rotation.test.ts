import { fingerprint } from "../../provider/rotation/outputs";
import type { RotationOutputs } from "../../provider/rotation/properties";
import type { SimulatedAccount } from "../../simulator";
import { StatefulEngine } from "../support/statefulEngine";
import { requestsOf, simulatedWorld, type SimulatedWorld } from "../support/simulatedWorld";

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

beforeEach(async () => {
  world = await simulatedWorld();
  accountId = world.simulator.createAccount({ name: "rotated" });
  account = world.simulator.account(accountId);
});

afterEach(() => world.simulator.close());

function outputs(): RotationOutputs {
  return world.engine.state?.outputs as unknown as RotationOutputs;
}

function up(args: object = {}) {
  return world.engine.up({ accountId, ...args });
}

/** Destroys in a command of its own. */
async function destroyLater(): Promise<void> {
  const later = new StatefulEngine(world.newProcess());
  later.state = world.engine.state;
  await later.destroy();
  expect(later.state).toBeUndefined();
}

describe("create", () => {
  test("regenerates the key that nobody holds, tries it and hands it out", async () => {
    const before = account.keys();
    const requests = await requestsOf(world, () => up());
    expect(requests).toEqual(["get", "regenerateKeys", "dataPlane"]);
    const { primary, secondary } = account.keys();
    expect(primary).toBe(before.primary);
    expect(secondary).not.toBe(before.secondary);
    expect(outputs()).toMatchObject({
      accountId,
      accountName: "rotated",
      currentKeyName: "Secondary",
      currentKey: secondary,
      previousKey: primary,
      primaryKey: primary,
      secondaryKey: secondary,
      primaryKeyFingerprint: fingerprint(primary),
      secondaryKeyFingerprint: fingerprint(secondary),
      keyVerification: "Verified",
      generation: 1,
      rotatedAt: world.now.toISOString(),
      accountEndpoint: new URL(world.simulator.url).host,
      __provider: "the shim",
    });
    expect(outputs()).not.toHaveProperty("nextRotationAt");
  });

  test("adopting reads the keys and changes none", async () => {
    const before = account.keys();
    const requests = await requestsOf(world, () => up({ rotateOnCreate: false }));
    expect(requests).toEqual(["get", "listKeys"]);
    expect(account.keys()).toEqual(before);
    expect(outputs()).toMatchObject({
      generation: 0,
      currentKeyName: "Primary",
      currentKey: before.primary,
      keyVerification: "Skipped",
    });
    expect(outputs()).not.toHaveProperty("rotatedAt");
  });

  test("names the account by its parts, in the configured subscription", async () => {
    await world.engine.up({ resourceGroupName: "simulator", accountName: "rotated" });
    expect(outputs().accountId).toBe(accountId);
  });

  test("rotates the named key, or both with the Secondary first", async () => {
    await up({ rotate: "Primary" });
    expect(outputs().currentKeyName).toBe("Primary");
    await up({ rotate: "Both", version: 2 });
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual([
      "Primary",
      "Secondary",
      "Primary",
    ]);
    expect(outputs()).toMatchObject({ currentKeyName: "Primary", generation: 2 });
    expect(account.accepts(outputs().currentKey)).toBe(true);
  });

  test("leaves nothing in state when the new key does not work, so that the next up rotates that key", async () => {
    account.dataPlane = "Rejecting";
    await expect(up()).rejects.toThrow(/new Secondary key of Batch account "rotated"/);
    expect(world.engine.state).toBeUndefined();
    account.dataPlane = "Available";
    await up();
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Secondary"]);
  });
});

describe("update", () => {
  beforeEach(() => up());

  test("an update without changes sends no request", async () => {
    expect(await requestsOf(world, () => up())).toEqual([]);
    expect(await up()).toBe("same");
  });

  test("a bump regenerates the other key with one GET and one regenerateKeys", async () => {
    const held = outputs().currentKey;
    const requests = await requestsOf(world, () => up({ version: 2 }));
    expect(requests).toEqual(["get", "regenerateKeys", "dataPlane"]);
    expect(outputs()).toMatchObject({
      currentKeyName: "Primary",
      previousKey: held,
      generation: 2,
    });
    expect(account.accepts(held)).toBe(true);
    expect(account.accepts(outputs().currentKey)).toBe(true);
  });

  test("settings are written without a request", async () => {
    const requests = await requestsOf(world, () =>
      up({ rotateAfter: "P90D", minimumOverlap: "P1D", revokeOnDelete: true }),
    );
    expect(requests).toEqual([]);
    expect(outputs()).toMatchObject({ revokeOnDelete: true, generation: 1 });
    expect(outputs().nextRotationAt).toBeDefined();
    await up({ revokeOnDelete: true });
    expect(outputs()).not.toHaveProperty("nextRotationAt");
  });

  test("a preview sends no request", async () => {
    expect(await requestsOf(world, () => world.engine.preview({ accountId, version: 9 }))).toEqual(
      [],
    );
  });

  test("a schedule that has fallen due rotates once", async () => {
    await up({ rotateAfter: "P7D" });
    world.now = new Date(world.now.getTime() + 30 * 86_400_000);
    await up({ rotateAfter: "P7D" });
    await up({ rotateAfter: "P7D" });
    expect(outputs()).toMatchObject({ generation: 2, rotationReason: "Scheduled" });
    expect(account.regenerations).toHaveLength(2);
  });

  test("finding the other key changed outside the stack is told by fingerprint", async () => {
    account.regenerate("Secondary");
    await up({ version: 2 });
    expect(world.told.join()).toContain('warning: the Secondary key of Batch account "rotated"');
    expect(outputs().secondaryKeyFingerprint).toBe(fingerprint(account.keys().secondary));
  });

  test("another account replaces, and the old one's keys stay", async () => {
    const before = account.keys();
    const another = world.simulator.createAccount({ name: "another" });
    expect(await world.engine.up({ accountId: another })).toBe("replaced");
    expect(outputs()).toMatchObject({ accountName: "another", generation: 1 });
    expect(account.keys()).toEqual(before);
  });

  test("a new key that does not work yet is not handed out, and is tried again without another rotation", async () => {
    const held = outputs().currentKey;
    account.dataPlane = "Rejecting";
    await expect(up({ version: 2 })).rejects.toThrow(/does not work yet/);
    expect(outputs()).toMatchObject({
      currentKey: held,
      currentKeyName: "Secondary",
      primaryKey: account.keys().primary,
      keyVerification: "Rejected",
      __provider: "the shim",
    });
    expect(world.engine.state?.inputs).toMatchObject({ version: 1, generation: 1 });
    account.dataPlane = "Available";
    await up({ version: 2 });
    expect(account.regenerations).toHaveLength(2);
    expect(outputs()).toMatchObject({ currentKeyName: "Primary", keyVerification: "Verified" });
  });

  test("Both that fails between its two keys keeps the first one's new value and rotates both again", async () => {
    world.simulator.inject({
      operation: "regenerateKeys",
      after: 1,
      fault: { kind: "Error", status: 409, code: "ScopeLocked" },
    });
    await expect(up({ version: 2, rotate: "Both" })).rejects.toThrow(/ScopeLocked/);
    expect(outputs()).toMatchObject({
      generation: 1,
      secondaryKey: account.keys().secondary,
      currentKeyName: "Secondary",
    });
    await up({ version: 2, rotate: "Both" });
    expect(outputs()).toMatchObject({ generation: 2, currentKeyName: "Primary" });
    expect(account.accepts(outputs().currentKey)).toBe(true);
  });
});

describe("verification", () => {
  test("waits until a new key has reached the data plane", async () => {
    await world.simulator.close();
    world = await simulatedWorld({ keyPropagationMs: 20 });
    accountId = world.simulator.createAccount({ name: "slow" });
    world.onWait = () => new Promise((resolve) => setTimeout(resolve, 15));
    await up();
    expect(outputs().keyVerification).toBe("Verified");
    expect(world.told.join()).toContain("waiting for the new Secondary key");
    expect(world.waits.length).toBeGreaterThan(0);
  });

  test("an endpoint that cannot be reached is no obstacle, unless verification is required", async () => {
    account.dataPlane = "Unreachable";
    await up();
    expect(outputs().keyVerification).toBe("Unreachable");
    await expect(up({ version: 2, verifyKey: "Required" })).rejects.toThrow(/BestEffort/);
    expect(outputs()).toMatchObject({ currentKeyName: "Secondary", generation: 2 });
    await up({ version: 2 });
    expect(outputs()).toMatchObject({ currentKeyName: "Primary", keyVerification: "Unreachable" });
    expect(account.regenerations).toHaveLength(2);
  });

  test("a key that was refused is not handed out because its endpoint then goes out of reach", async () => {
    await up();
    const held = outputs().currentKey;
    account.dataPlane = "Rejecting";
    let waits = 0;
    world.onWait = () => {
      waits += 1;
      if (waits === 3) account.dataPlane = "Unreachable";
    };
    await expect(up({ version: 2 })).rejects.toThrow(/refused the key's signature/);
    await expect(up({ version: 2 })).rejects.toThrow(/refused it before/);
    expect(outputs()).toMatchObject({ currentKey: held, keyVerification: "Rejected" });
    account.dataPlane = "Available";
    await up({ version: 2 });
    expect(outputs().keyVerification).toBe("Verified");
  });

  test("None sends no request to the data plane", async () => {
    const requests = await requestsOf(world, () => up({ verifyKey: "None" }));
    expect(requests).toEqual(["get", "regenerateKeys"]);
    expect(outputs().keyVerification).toBe("Skipped");
  });

  test("a rejected key is given up after a bounded time", async () => {
    account.dataPlane = "Rejecting";
    await expect(up()).rejects.toThrow();
    const waited = world.waits.reduce((sum, wait) => sum + wait, 0);
    expect(waited).toBeGreaterThan(60_000);
    expect(waited).toBeLessThan(120_000);
  });
});

describe("read", () => {
  test("a refresh reads with one request and finds nothing changed", async () => {
    await up({ rotateAfter: "P90D" });
    const before = world.engine.state;
    expect(await requestsOf(world, () => world.engine.refresh())).toEqual(["listKeys"]);
    expect(world.engine.state).toEqual({
      ...before,
      inputs: { ...before?.inputs, __provider: undefined },
    });
    expect(world.told).toEqual([]);
    expect(await up({ rotateAfter: "P90D" })).toBe("same");
  });

  test("a key changed outside the stack shows by its fingerprint and in a warning that names it", async () => {
    await up();
    account.regenerate("Secondary");
    await world.engine.refresh();
    const { secondary } = account.keys();
    expect(outputs()).toMatchObject({
      currentKey: secondary,
      secondaryKeyFingerprint: fingerprint(secondary),
      keyVerification: "Skipped",
    });
    expect(world.told).toEqual([expect.stringContaining("the Secondary key of Batch account")]);
    expect(world.told.join()).not.toContain(secondary);
    expect(world.told.join()).toContain("It is currentKey");
    // What somebody else made is tried before it is handed on.
    expect(await requestsOf(world, () => up())).toEqual(["get", "listKeys", "dataPlane"]);
    expect(outputs().keyVerification).toBe("Verified");
  });

  test.each([
    ["a page of something else", { kind: "Body", status: 404, body: "<html>no route</html>" }],
    [
      "a subscription that is not seen",
      { kind: "Error", status: 404, code: "SubscriptionNotFound" },
    ],
  ] as const)("a 404 of %s leaves the state as it is", async (_, fault) => {
    await up({ revokeOnDelete: true });
    const before = world.engine.state;
    world.simulator.inject({ operation: "listKeys", fault });
    await expect(world.engine.refresh()).rejects.toThrow(/404/);
    world.simulator.inject({ operation: "regenerateKeys", fault });
    const later = new StatefulEngine(world.newProcess());
    later.state = before;
    await expect(later.destroy()).rejects.toThrow(/404/);
    expect(later.state).toBe(before);
  });

  test("an account that is gone is gone from state; any other failure is not", async () => {
    await up();
    account.deniedActions.add("Microsoft.Batch/batchAccounts/listKeys/action");
    await expect(world.engine.refresh()).rejects.toThrow(/listKeys\/action/);
    expect(world.engine.state).toBeDefined();
    account.delete();
    await world.engine.refresh();
    expect(world.engine.state).toBeUndefined();
  });

  test("a refresh of a half-failed rotation keeps the inputs that tell which key is in use", async () => {
    await up();
    account.dataPlane = "Rejecting";
    await expect(up({ version: 2 })).rejects.toThrow();
    account.dataPlane = "Available";
    await world.engine.refresh();
    expect(world.engine.state?.inputs).toMatchObject({ version: 1, keyToRotate: "Secondary" });
    const held = outputs().currentKey;
    await up({ version: 3 });
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual([
      "Secondary",
      "Primary",
      "Primary",
    ]);
    expect(account.accepts(held)).toBe(true);
  });

  test("get reads any account without rotating it", async () => {
    const { id, props } = await world.lifecycle.read(accountId, { accountId });
    expect(id).toBe(accountId);
    expect(props).toMatchObject({
      currentKey: account.keys().primary,
      accountEndpoint: new URL(world.simulator.url).host,
      generation: 0,
    });
    // It would change at each read, and everything that depends on it.
    expect(props).not.toHaveProperty("rotationDecidedAt");
    expect(account.regenerations).toEqual([]);
  });

  test("get of an account that is not there, or of no account, fails", async () => {
    const gone = accountId.replace("rotated", "missing");
    await expect(world.lifecycle.read(gone, { accountId: gone })).rejects.toThrow(/404/);
    await expect(world.lifecycle.read("missing", {})).rejects.toThrow(/not the ARM id/);
  });
});

describe("delete", () => {
  test("changes nothing in Azure and sends nothing", async () => {
    await up();
    expect(await requestsOf(world, () => world.engine.destroy())).toEqual([]);
  });

  test("with revokeOnDelete nothing handed out works any more", async () => {
    await up({ revokeOnDelete: true });
    const { primary, secondary } = account.keys();
    await destroyLater();
    expect(account.accepts(primary)).toBe(false);
    expect(account.accepts(secondary)).toBe(false);
  });

  test("with revokeOnDelete a resource that was renamed leaves the keys to its successor", async () => {
    await up({ revokeOnDelete: true });
    const lifecycle = world.newProcess();
    const successor = new StatefulEngine(lifecycle);
    await successor.up({ accountId, rotateOnCreate: false, liveKey: "Secondary" });
    const old = new StatefulEngine(lifecycle);
    old.state = world.engine.state;
    await old.destroy();
    expect(account.accepts(String(successor.state?.outputs["currentKey"]))).toBe(true);
    expect(account.regenerations).toHaveLength(1);
  });

  test("with revokeOnDelete an account that is gone is success", async () => {
    await up({ revokeOnDelete: true });
    account.delete();
    await destroyLater();
  });
});
