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
    await world.engine.up({ resourceGroupName: "group", accountName: "rotated" });
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
    await new StatefulEngine(world.newProcess()).up({ accountId });
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
    });
    expect(world.engine.state?.inputs).toMatchObject({ version: 1, generation: 1 });
    account.dataPlane = "Available";
    await up({ version: 2 });
    expect(account.regenerations).toHaveLength(2);
    expect(outputs()).toMatchObject({ currentKeyName: "Primary", keyVerification: "Verified" });
  });

  test.each([
    ["Alternate", "Primary"],
    ["Both", "Secondary, Primary"],
  ])(
    "%s that breaks off while its key is tried, whatever the reason, keeps the new keys and rotates no more",
    async (rotate, regenerated) => {
      const held = account.keys().secondary;
      account.dataPlane = "Unreachable";
      world.onWait = () => {
        throw new TypeError("a mistake of our own");
      };
      await expect(up({ version: 2, rotate })).rejects.toThrow("a mistake of our own");
      const { primary, secondary } = account.keys();
      expect(outputs()).toMatchObject({ primaryKey: primary, secondaryKey: secondary });
      expect(outputs()).toMatchObject({ currentKeyName: "Secondary", keyVerification: "Skipped" });
      if (rotate === "Alternate") expect(outputs().currentKey).toBe(held);

      account.dataPlane = "Available";
      await up({ version: 2, rotate });
      expect(outputs()).toMatchObject({ currentKey: primary, keyVerification: "Verified" });
      const [, ...since] = account.regenerations;
      expect(since.map(({ keyName }) => keyName).join(", ")).toBe(regenerated);
    },
  );

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
    ({ world, accountId, account } = await worldWithAccount({ keyPropagationMs: 20 }));
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
