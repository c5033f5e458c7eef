import { fingerprint } from "../../provider/rotation/outputs";
import { previewOutputs } from "../../provider/rotation/preview";
import {
  type RotationInputs,
  type RotationOutputs,
  SECRET_OUTPUTS,
} from "../../provider/rotation/properties";
import { UNKNOWN } from "../../provider/rotation/unknown";
import type { SimulatedAccount } from "../../simulator";
import { type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";

/*
 * What a preview says that it knows must be what the update then finds, and of what it does not know,
 * nothing may stay as it was: else a preview shows dependents that do not change.
 */

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;
let vaultUri: string;

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount());
  vaultUri = world.simulator.createVault({ name: "vault", resourceGroupName: "group" }).uri;
});
afterEach(() => world.simulator.close());

function outputs(): RotationOutputs & Record<string, unknown> {
  return world.engine.state?.outputs as RotationOutputs & Record<string, unknown>;
}

/** The names of the outputs that the preview of an update does not know, which it then is held to. */
async function unknownBefore(args: Record<string, unknown>): Promise<string[]> {
  const done = outputs();
  world.now = new Date(world.now.getTime() + 1_000);
  const inputs = await world.engine.preview({ accountId, ...args });
  const previewed = previewOutputs(inputs as RotationInputs & typeof inputs, done);
  await world.engine.up({ accountId, ...args });
  const unknown = Object.keys(previewed).filter((name) => previewed[name] === UNKNOWN);
  const known = Object.keys(previewed).filter((name) => previewed[name] !== UNKNOWN);
  const found = Object.keys(outputs()).filter((name) => !unknown.includes(name));
  expect(known.sort()).toEqual(found.sort());
  for (const name of known) {
    expect({ [name]: previewed[name] }).toEqual({ [name]: outputs()[name] });
  }
  return unknown.sort();
}

const OF_PRIMARY = ["currentKey", "primaryKey", "primaryKeyFingerprint"];
const OF_ROTATION = ["keyVerification", "rotatedAt", "rotationDecidedAt"];

test("a creation knows its arguments, and nothing that Azure tells", async () => {
  const inputs = await world.engine.preview({ accountId, rotateAfter: "P90D" });
  const previewed = previewOutputs(inputs as RotationInputs & typeof inputs, undefined);
  expect(previewed).toMatchObject({
    accountId,
    rotateAfter: "P90D",
    keyToRotate: "Secondary",
    currentKeyName: "Secondary",
    rotationDecidedAt: UNKNOWN,
    currentKey: UNKNOWN,
    accountEndpoint: UNKNOWN,
    nextRotationAt: UNKNOWN,
  });
});

describe("of a rotation whose keys are in state", () => {
  beforeEach(() => world.engine.up({ accountId }));

  test("settings change themselves, and no key", async () => {
    expect(await unknownBefore({ rotateAfter: "P90D", verifyKey: "Required" })).toEqual([]);
    expect(outputs()).toHaveProperty("nextRotationAt");
    expect(await unknownBefore({ revokeOnDelete: true })).toEqual([]);
    expect(outputs()).not.toHaveProperty("nextRotationAt");
  });

  test("a new version changes the key that is not in use, and knows the previous one", async () => {
    const { currentKey } = outputs();
    const unknown = await unknownBefore({ version: 2 });
    expect(unknown).toEqual([...OF_PRIMARY, ...OF_ROTATION].sort());
    expect(outputs()).toMatchObject({ previousKey: currentKey, currentKeyName: "Primary" });
  });

  test("with a schedule it does not know when the next rotation is", async () => {
    const unknown = await unknownBefore({ version: 2, rotateAfter: "P90D" });
    expect(unknown).toContain("nextRotationAt");
  });

  test("Both changes both keys", async () => {
    const unknown = await unknownBefore({ version: 2, rotate: "Both" });
    expect(unknown).toEqual(
      expect.arrayContaining([...SECRET_OUTPUTS, "secondaryKeyFingerprint", ...OF_PRIMARY]),
    );
  });

  test("a revocation changes the previous key alone", async () => {
    world.now = new Date(world.now.getTime() + 8 * 86_400_000);
    const { currentKey } = outputs();
    expect(await unknownBefore({ revokePreviousAfter: "P7D" })).toEqual([
      "previousKey",
      "previousKeyRevokedAt",
      "primaryKey",
      "primaryKeyFingerprint",
    ]);
    expect(outputs()).toMatchObject({ currentKey });
  });

  test("an unfinished rotation has its key tried again", async () => {
    account.dataPlane = "Rejecting";
    await expect(world.engine.up({ accountId, version: 2 })).rejects.toThrow(/does not work yet/);
    account.dataPlane = "Available";
    expect(await unknownBefore({ version: 2 })).toEqual(["keyVerification", "rotationDecidedAt"]);
    expect(outputs().currentKey).toBe(account.keys().primary);
  });

  test("keys that go to a secret leave the outputs", async () => {
    expect(await unknownBefore({ keyVaultSecret: { vaultUri } })).toEqual([
      "keyVerification",
      "secretVersion",
    ]);
    expect(outputs()).not.toHaveProperty("currentKey");
  });

  test("an argument that is not known yet leaves every output unknown", async () => {
    const inputs = await world.engine.preview({ accountId, rotateAfter: UNKNOWN });
    const previewed = previewOutputs(inputs as RotationInputs & typeof inputs, outputs());
    expect(previewed).toMatchObject({ rotateAfter: UNKNOWN, currentKey: UNKNOWN });
  });
});

describe("of a rotation whose key is in a secret", () => {
  beforeEach(() => world.engine.up({ accountId, keyVaultSecret: { vaultUri } }));

  test("a new version changes the secret's version, and no key is an output", async () => {
    const unknown = await unknownBefore({ version: 2, keyVaultSecret: { vaultUri } });
    expect(unknown).toEqual(["primaryKeyFingerprint", "secretVersion", ...OF_ROTATION].sort());
  });

  test("keys that come back into state are not known", async () => {
    expect(await unknownBefore({})).toEqual([...SECRET_OUTPUTS, "keyVerification"].sort());
  });
});

describe("what was imported", () => {
  beforeEach(async () => {
    const { id, props, inputs } = await world.lifecycle.import(accountId);
    world.engine.state = {
      id,
      inputs: { ...inputs },
      outputs: { ...props },
      initErrors: false,
    };
  });

  test("is adopted by a program that says no more, without a change", async () => {
    expect(await world.engine.up({ accountId })).toBe("same");
    expect(world.engine.state?.inputs).toMatchObject({ rotationReason: "Adopted", generation: 0 });
    expect(account.regenerations).toEqual([]);
  });

  test("takes over the program's version and liveKey, and rotates nothing", async () => {
    expect(await unknownBefore({ version: 7, liveKey: "Secondary" })).toEqual([
      "keyVerification",
      "rotationDecidedAt",
    ]);
    expect(outputs()).toMatchObject({
      version: 7,
      rotationReason: "Adopted",
      currentKeyName: "Secondary",
    });
    expect(account.regenerations).toEqual([]);
  });

  test("then rotates like any other, the key that is not in use first", async () => {
    await world.engine.up({ accountId, version: 7, liveKey: "Secondary" });
    await world.engine.up({ accountId, version: 8, liveKey: "Secondary" });
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Primary"]);
  });

  test("keeps through a refresh what a program has adopted it as", async () => {
    await world.engine.up({ accountId });
    await world.engine.refresh();
    await world.engine.up({ accountId, version: 2 });
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary"]);
    expect(outputs()).toMatchObject({
      generation: 1,
      secondaryKeyFingerprint: fingerprint(account.keys().secondary),
    });
  });

  test("begins no rotation by its schedule before one was decided", async () => {
    expect(await world.engine.up({ accountId, rotateAfter: "P90D" })).toBe("updated");
    expect(account.regenerations).toEqual([]);
    world.now = new Date(world.now.getTime() + 91 * 86_400_000);
    await world.engine.up({ accountId, rotateAfter: "P90D" });
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary"]);
  });
});

test("an import needs no more than a role to read: it finds an account or says why not", async () => {
  await expect(world.lifecycle.import("no id")).rejects.toThrow(
    /accountId: "no id" is not the ARM id/,
  );
  const missing = accountId.replace("rotated", "missing");
  await expect(world.lifecycle.import(missing)).rejects.toThrow(
    /404 ResourceNotFound|AccountNotFound/,
  );
});
