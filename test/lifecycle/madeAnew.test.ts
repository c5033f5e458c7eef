import type { Lifecycle, Properties } from "../../provider/lifecycle/lifecycle";
import { UNKNOWN } from "../../provider/rotation/unknown";
import type { SimulatedAccount } from "../../simulator";
import type { OutputsWithKeys } from "../support/rotationInputs";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";
import { StatefulEngine } from "../support/statefulEngine";

/*
 * Resources that the engine makes anew, and the same step twice. test/engine/replaced.test.ts has the
 * engine itself; here is what it would take too long for.
 */

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

/** The next command, in a process of its own, on the same state. */
function nextCommand(): { engine: StatefulEngine; lifecycle: Lifecycle } {
  world.now = new Date(world.now.getTime() + 60_000);
  const lifecycle = world.newProcess();
  const engine = new StatefulEngine(lifecycle);
  engine.state = world.engine.state;
  return { engine, lifecycle };
}

function regenerated(): string[] {
  return account.regenerations.map(({ keyName }) => keyName);
}

describe("a resource that is made anew", () => {
  test.each(["Trigger", "Demand"] as const)(
    "by %s previews and carries out the same: the key that is not in use",
    async (replace) => {
      await world.engine.up({ accountId });
      const held = outputs().currentKey;
      const { engine } = nextCommand();
      const decision = { generation: 2, keyToRotate: "Primary", rotationReason: "Replaced" };
      expect(await engine.preview({ accountId }, { replace })).toMatchObject({
        ...decision,
        rotationDecidedAt: UNKNOWN,
      });
      await engine.up({ accountId }, { replace });
      expect(engine.state?.outputs).toMatchObject({ ...decision, previousKey: held });
      expect(account.accepts(held)).toBe(true);
      expect(regenerated()).toEqual(["Secondary", "Primary"]);
    },
  );

  test("after a rotation that failed half-way, goes on from the key that consumers hold", async () => {
    await world.engine.up({ accountId, verifyKey: "Required" });
    const held = outputs().currentKey;
    account.dataPlane = "Unreachable";
    const failing = world.engine.up({ accountId, verifyKey: "Required", version: 2 });
    await expect(failing).rejects.toThrow(/does not work yet/);
    account.dataPlane = "Available";
    const { engine } = nextCommand();
    const args = { accountId, verifyKey: "Required", version: 2 };
    await engine.up(args, { replace: "Demand" });
    expect(account.accepts(held)).toBe(true);
    expect(regenerated()).toEqual(["Secondary", "Primary", "Primary"]);
    expect(engine.state?.outputs["currentKey"]).toBe(account.keys().primary);
  });

  test("is not while it cannot be known whether state has the account's rotation", async () => {
    await world.engine.up({ accountId });
    const before = account.keys();
    world.stateIsOutOfReach = true;
    const { engine } = nextCommand();
    const requests = await requestsOf(world, () =>
      expect(engine.up({ accountId }, { replace: "Demand" })).rejects.toThrow("out of reach"),
    );
    expect(requests).toEqual([]);
    expect(account.keys()).toEqual(before);
  });

  test("does not begin anew beside state that cannot be read", async () => {
    await world.engine.up({ accountId });
    const { state } = world.engine;
    if (state === undefined) throw new Error("there is no state");
    const outputs = { ...state.outputs, keyToRotate: "Tertiary" };
    world.engine.state = { ...state, outputs };
    for (const name of ["keys", "renamed"]) {
      const engine = new StatefulEngine(world.newProcess(), name);
      engine.state = name === "keys" ? world.engine.state : undefined;
      await expect(engine.up({ accountId }, { replace: "Demand" })).rejects.toThrow(
        /cannot read .*\(keyToRotate\)/,
      );
    }
    expect(regenerated()).toEqual(["Secondary"]);
  });

  test("under another name, of an account that has moved, is refused until one of the two is done", async () => {
    await world.engine.up({ accountId });
    const held = outputs().currentKey;
    const newId = world.simulator.moveAccount(accountId, { resourceGroupName: "another" });
    const renamed = new StatefulEngine(world.newProcess(), "renamed");
    await expect(renamed.up({ accountId: newId })).rejects.toThrow(
      /has moved from .*keep that rotation's name/,
    );
    expect(regenerated()).toEqual(["Secondary"]);

    await nextCommand().engine.up({ accountId: newId });
    expect(account.accepts(held)).toBe(true);
    expect(regenerated()).toEqual(["Secondary"]);
  });

  test("of an account of the same name in another region is not taken for one that has moved", async () => {
    await world.engine.up({ accountId });
    const { state } = world.engine;
    if (state === undefined) throw new Error("there is no state");
    const accountEndpoint = "rotated.northeurope.batch.azure.com";
    world.engine.state = { ...state, outputs: { ...state.outputs, accountEndpoint } };
    const newId = world.simulator.moveAccount(accountId, { resourceGroupName: "another" });
    await expect(nextCommand().engine.up({ accountId: newId })).rejects.toThrow(
      /it is another account .*another name in the program/,
    );
    // Under another name it begins with its own liveKey.
    const renamed = new StatefulEngine(world.newProcess(), "renamed");
    await renamed.up({ accountId: newId, rotateOnCreate: false });
    expect(renamed.state?.outputs).toMatchObject({ rotationReason: "Adopted", generation: 0 });
    expect(regenerated()).toEqual(["Secondary"]);
  });

  test("shows nothing of the engine to anybody: what the program adds for check ends there", async () => {
    const checked = await world.lifecycle.check({}, { accountId, previewing: true });
    expect(checked.inputs).not.toHaveProperty("engine");
    expect(checked.inputs).not.toHaveProperty("previewing");
  });
});

describe("state that is not a rotation's", () => {
  const foreign = { accountId: "", colour: "green", __provider: "the text" };
  const calls: [string, (lifecycle: Lifecycle, state: Properties) => Promise<unknown>][] = [
    ["diff", (lifecycle, state) => lifecycle.diff("id", state, { accountId })],
    ["read", (lifecycle, state) => lifecycle.read("id", state)],
    ["update", (lifecycle, state) => lifecycle.update("id", state, { accountId })],
    ["delete", (lifecycle, state) => lifecycle.delete("id", state)],
  ];

  test.each(calls)("is refused by %s, and nothing is called", async (_, call) => {
    const requests = await requestsOf(world, () =>
      expect(call(world.lifecycle, foreign)).rejects.toThrow(/properties accountId, colour/),
    );
    expect(requests).toEqual([]);
  });

  test.each(calls)("or a newer version's is refused by %s", async (_, call) => {
    await world.engine.up({ accountId });
    const newer = { ...world.engine.state?.outputs, keyVerification: "Pending" };
    const requests = await requestsOf(world, () =>
      expect(call(world.lifecycle, newer)).rejects.toThrow(
        /cannot read .*\(keyVerification\).*upgrade/,
      ),
    );
    expect(requests).toEqual([]);
  });

  test("is refused by check as a failure", async () => {
    const { failures } = await world.lifecycle.check(foreign, { accountId });
    expect(failures).toEqual([
      { property: "", reason: expect.stringMatching("accountId, colour") as string },
    ]);
  });
});

describe("a step that the engine tries again in the same process", () => {
  const bump = () => world.engine.up({ accountId, version: 2 }, { retries: 1 });

  beforeEach(() => world.engine.up({ accountId }));

  test("goes on from a lost answer whose key could not be read", async () => {
    world.simulator.inject({
      operation: "regenerateKeys",
      fault: { kind: "Drop", when: "AfterEffect" },
    });
    const forbidden = { kind: "Error", status: 403, code: "AuthorizationFailed" } as const;
    world.simulator.inject({ operation: "listKeys", fault: forbidden });
    const requests = await requestsOf(world, bump);
    expect(regenerated()).toEqual(["Secondary", "Primary"]);
    expect(requests).toEqual(["get", "regenerateKeys", "listKeys", "get", "listKeys", "dataPlane"]);
    expect(outputs()).toMatchObject({ currentKey: account.keys().primary, generation: 2 });
  });

  test("regenerates the other key of Both alone", async () => {
    const refused = { kind: "Error", status: 403, code: "AuthorizationFailed" } as const;
    world.simulator.inject({ operation: "regenerateKeys", after: 1, fault: refused });
    await world.engine.up({ accountId, version: 2, rotate: "Both" }, { retries: 1 });
    expect(regenerated()).toEqual(["Secondary", "Secondary", "Primary"]);
    expect(outputs()).toMatchObject({
      primaryKey: account.keys().primary,
      secondaryKey: account.keys().secondary,
    });
  });

  test("keeps what it has regenerated where the retry cannot even read the account", async () => {
    account.dataPlane = "Rejecting";
    const refused = { kind: "Error", status: 403, code: "AuthorizationFailed" } as const;
    world.simulator.inject({ operation: "get", after: 1, fault: refused });
    await expect(bump()).rejects.toThrow(/AuthorizationFailed/);
    expect(outputs()).toMatchObject({ primaryKey: account.keys().primary, generation: 2 });
    expect(world.engine.state?.inputs).toMatchObject({ version: 1 });
    account.dataPlane = "Available";
    const { engine } = nextCommand();
    await engine.up({ accountId, version: 2 });
    expect(regenerated()).toEqual(["Secondary", "Primary"]);
  });

  test("does not take a key that was refused for good where the data plane goes out of reach", async () => {
    account.dataPlane = "Rejecting";
    let tries = 0;
    world.onWait = () => {
      tries += 1;
      if (tries > 15) account.dataPlane = "Unreachable";
    };
    await expect(bump()).rejects.toThrow(/refused (it before|the key's signature)/);
    expect(outputs()).toMatchObject({ keyVerification: "Rejected" });
  });
});

test("a provider that was never configured says so, and calls nothing", async () => {
  const lifecycle = world.newProcess({ isConfigured: false });
  const requests = await requestsOf(world, async () => {
    const { inputs } = await lifecycle.check({}, { accountId });
    await expect(lifecycle.create(inputs)).rejects.toThrow(
      /has not configured this provider.*upgrade @pulumi\/pulumi to 3\.139\.0/,
    );
    const byParts = lifecycle.check({}, { resourceGroupName: "group", accountName: "rotated" });
    await expect(byParts).rejects.toThrow(/has not configured this provider/);
  });
  expect(requests).toEqual([]);
});
