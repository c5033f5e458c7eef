import { fingerprint } from "../../provider/rotation/outputs";
import type { SimulatedAccount } from "../../simulator";
import type { OutputsWithKeys } from "../support/rotationInputs";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";

/* revokePreviousAfter, carried out: the key that a rotation left behind dies, the current one lives. */

const DAY = 86_400_000;
const REVOKING = { revokePreviousAfter: "P7D" };

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount());
  await up();
  letDaysPass(8);
});

afterEach(() => world.simulator.close());

/** The state's own time goes back: tokens and signatures hold Azure's to the real one. */
function letDaysPass(days: number): void {
  const { state } = world.engine;
  if (state === undefined) return;
  const at = Date.parse(String(state.inputs["rotationDecidedAt"])) - days * DAY;
  const rotationDecidedAt = new Date(at).toISOString();
  for (const each of [state.inputs, state.outputs]) Object.assign(each, { rotationDecidedAt });
}

function outputs(): OutputsWithKeys {
  return world.engine.state?.outputs as unknown as OutputsWithKeys;
}

function up(args: object = {}) {
  return world.engine.up({ accountId, ...REVOKING, ...args });
}

test("the previous key is regenerated once, and the current key is not touched", async () => {
  const { currentKey, previousKey, rotatedAt } = outputs();
  expect(await requestsOf(world, () => up())).toEqual(["get", "regenerateKeys"]);
  expect([currentKey, previousKey].map((key) => account.accepts(key))).toEqual([true, false]);
  expect(outputs()).toMatchObject({
    keyToRevoke: "Primary",
    previousKeyRevokedAt: world.now.toISOString(),
    currentKey,
    currentKeyName: "Secondary",
    previousKey: account.keys().primary,
    primaryKeyFingerprint: fingerprint(account.keys().primary),
    generation: 1,
    rotatedAt,
    keyVerification: "Verified",
  });
  expect(await requestsOf(world, () => up())).toEqual([]);
  letDaysPass(100);
  expect(await requestsOf(world, () => up({ verifyKey: "None" }))).toEqual([]);
  expect(outputs()).toMatchObject({ keyToRevoke: "Primary" });
});

test("the next rotation hands out a new key, and the key it retires lives until its own time", async () => {
  await up();
  const { currentKey } = outputs();
  await up({ version: 2 });
  expect(outputs()).toMatchObject({ currentKeyName: "Primary", previousKey: currentKey });
  expect(outputs()).not.toHaveProperty("keyToRevoke");
  expect(outputs()).not.toHaveProperty("previousKeyRevokedAt");
  expect(account.accepts(currentKey)).toBe(true);
  letDaysPass(8);
  await up({ version: 2 });
  expect(outputs()).toMatchObject({ keyToRevoke: "Secondary" });
  expect(account.accepts(currentKey)).toBe(false);
});

test("a refusal changes nothing, and the next update revokes", async () => {
  const { currentKey, previousKey } = outputs();
  world.simulator.inject({
    operation: "regenerateKeys",
    times: 1,
    fault: { kind: "Error", status: 409, code: "ScopeLocked" },
  });
  await expect(up()).rejects.toThrow(/ScopeLocked/);
  expect([currentKey, previousKey].map((key) => account.accepts(key))).toEqual([true, true]);
  expect(outputs()).not.toHaveProperty("keyToRevoke");
  await up();
  expect([currentKey, previousKey].map((key) => account.accepts(key))).toEqual([true, false]);
});

test("an answer that was lost proves nothing: the key is regenerated until that is certain", async () => {
  const { currentKey } = outputs();
  world.simulator.inject({
    operation: "regenerateKeys",
    times: 1,
    fault: { kind: "Drop", when: "AfterEffect" },
  });
  await up();
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual([
    "Secondary",
    "Primary",
    "Primary",
  ]);
  expect(outputs()).toMatchObject({ keyToRevoke: "Primary", currentKey });
});

test("while the current key is in doubt, the previous one is left alone", async () => {
  account.regenerate("Secondary");
  await world.engine.refresh();
  const { previousKey } = outputs();
  const outOfReach = world.simulator.inject({
    operation: "dataPlane",
    times: 100,
    fault: { kind: "Drop", when: "BeforeEffect" },
  });
  await expect(up({ verifyKey: "Required" })).rejects.toThrow(/does not work yet/);
  expect(account.accepts(previousKey)).toBe(true);
  expect(outputs()).not.toHaveProperty("keyToRevoke");
  outOfReach.remove();
  await up({ verifyKey: "Required" });
  expect(account.accepts(previousKey)).toBe(false);
  expect(outputs()).toMatchObject({ keyToRevoke: "Primary", keyVerification: "Verified" });
});

test("a current key that somebody else has changed meanwhile is told, and tried by the next update", async () => {
  account.regenerate("Secondary");
  await up();
  expect(world.told.join("\n")).toContain("the Secondary key of Batch account");
  expect(outputs()).toMatchObject({ keyToRevoke: "Primary", keyVerification: "Skipped" });
  await up();
  expect(outputs()).toMatchObject({
    keyVerification: "Verified",
    currentKey: account.keys().secondary,
  });
});
