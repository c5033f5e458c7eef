import { fingerprint } from "../../provider/rotation/outputs";
import type { SimulatedAccount } from "../../simulator";
import type { OutputsWithKeys } from "../support/rotationInputs";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";
import { StatefulEngine } from "../support/statefulEngine";

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount());
});

afterEach(() => world.simulator.close());

function outputs(): OutputsWithKeys {
  return world.engine.state?.outputs as unknown as OutputsWithKeys;
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

describe("read", () => {
  test("a refresh reads with one request and finds nothing changed", async () => {
    await up({ rotateAfter: "P90D" });
    const before = world.engine.state;
    expect(await requestsOf(world, () => world.engine.refresh())).toEqual(["listKeys"]);
    expect(world.engine.state).toEqual(before);
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
    "SubscriptionNotFound",
    "InvalidResourceType",
    "InvalidResourceNamespace",
    "NoRegisteredProviderFound",
    "ParentResourceNotFound",
    "NotFound",
  ])("a 404 of %s, which is not about the account, leaves the state as it is", async (code) => {
    const fault = { kind: "Error", status: 404, code } as const;
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

  test.each(["AccountNotFound", "ResourceNotFound", "ResourceGroupNotFound"])(
    "a 404 of %s means that the account is gone, another status with that code does not",
    async (code) => {
      await up();
      const fault = { kind: "Error", status: 400, code } as const;
      world.simulator.inject({ operation: "listKeys", fault });
      await expect(world.engine.refresh()).rejects.toThrow(code);
      world.simulator.inject({ operation: "listKeys", fault: { ...fault, status: 404 } });
      await world.engine.refresh();
      expect(world.engine.state).toBeUndefined();
    },
  );

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
    const successor = new StatefulEngine(lifecycle, "successor");
    await successor.up({ accountId, revokeOnDelete: true });
    const old = new StatefulEngine(lifecycle);
    old.state = world.engine.state;
    await old.destroy();
    expect(successor.state?.outputs["currentKey"]).toBe(outputs().currentKey);
    expect(account.accepts(outputs().currentKey)).toBe(true);
    expect(account.regenerations).toHaveLength(1);
  });

  test("with revokeOnDelete what an interrupted replacement has left over revokes nothing", async () => {
    await up({ revokeOnDelete: true });
    const left = world.engine.state;
    await world.engine.up({ accountId, revokeOnDelete: true }, { replace: "Trigger" });
    // The next command finds both in state, and deletes the one that was replaced.
    const lifecycle = world.newProcess();
    const next = new StatefulEngine(lifecycle);
    next.state = world.engine.state;
    expect(await next.up({ accountId, revokeOnDelete: true })).toBe("same");
    await lifecycle.delete(accountId, left?.outputs ?? {});
    expect(account.accepts(outputs().currentKey)).toBe(true);
    expect(account.regenerations).toHaveLength(2);
  });

  test("with revokeOnDelete a key that cannot be revoked is an error, and a retry goes on", async () => {
    await up({ revokeOnDelete: true });
    const fault = { kind: "Error", status: 403, code: "AuthorizationFailed" } as const;
    world.simulator.inject({ operation: "regenerateKeys", after: 1, fault });
    const state = world.engine.state?.outputs ?? {};
    const lifecycle = world.newProcess();
    await expect(lifecycle.delete(accountId, state)).rejects.toThrow(/regenerate the Primary key/);
    await lifecycle.delete(accountId, state);
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual([
      "Secondary",
      "Secondary",
      "Primary",
    ]);
  });

  test("with revokeOnDelete an account that is gone is success", async () => {
    await up({ revokeOnDelete: true });
    account.delete();
    await destroyLater();
  });
});
