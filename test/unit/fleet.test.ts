import fc from "fast-check";
import type { ListedAccount } from "../../examples/fleet/accounts";
import { parseSubscriptions, readArguments } from "../../examples/fleet/arguments";
import {
  type Fleet,
  type KnownRotation,
  type PlannedStack,
  planStacks,
  type StackState,
} from "../../examples/fleet/plan";
import subscriptions from "../../examples/fleet/subscriptions.json";

/* What examples/fleet decides before it runs anything; test/examples/fleet.test.ts runs it. */

const ID = String(subscriptions[0]?.id);

test.each([
  [[], "--version is missing"],
  [["--version", "0"], '--version is "0": use a whole number from 1'],
  [["--version", "1.5"], '--version is "1.5": use a whole number from 1'],
  [["--version", "2", "--parallel", "many"], '"many": use a whole number from 1 to 16'],
  [["--version", "2", "--subscription", "other"], '"other" is not in subscriptions.json'],
  [["--version", "2", "--all"], "--all"],
])("the arguments %j are refused", (args, message) => {
  expect(() => readArguments(args)).toThrow(message);
});

test.each([
  ["{}", "holds no list"],
  ["[null]", "is not the id of a subscription"],
  [`[{ "id": "${ID}" }]`, `stacks of ${ID} is "undefined": use a whole number`],
  [`[{ "id": "${ID}", "stacks": 1 }, { "id": "${ID}", "stacks": 2 }]`, `has ${ID} twice`],
])("the subscriptions %s are refused", (text, message) => {
  expect(() => parseSubscriptions(text, "subscriptions.json")).toThrow(message);
});

describe("the plan", () => {
  const listedAs = (name: string): ListedAccount => ({
    name,
    accountId: `/${name}`,
    allowsSharedKey: true,
  });
  /** The stack of each account. */
  const homesIn = (plan: ReturnType<typeof planStacks>) =>
    plan.stacks.flatMap(({ name, rotations }) => rotations.map((each) => [each.name, name]));
  const planFor = (
    names: readonly string[],
    stacks: number,
    states: Fleet["states"] = new Map(),
    fleet?: readonly string[],
  ) => {
    const listed = new Map([[{ id: ID, stacks }, names.map(listedAs)]]);
    return planStacks({ version: 2, fleet, listed, states });
  };
  /** What the states are when a plan has been carried out. */
  const carriedOut = ({ stacks }: ReturnType<typeof planStacks>): Fleet["states"] =>
    new Map(
      stacks.map(({ name, rotations }) => [
        name,
        new Map(
          rotations.map((each) => [
            each.name,
            { ...each, generation: 0, versionInOutputs: each.version },
          ]),
        ),
      ]),
    );
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,6}$/), { maxLength: 30 });
  const counts = fc.integer({ min: 1, max: 10 });

  test("an account keeps its stack whatever accounts come and go, and however many stacks there are", () => {
    fc.assert(
      fc.property(names, names, counts, counts, (before, after, stacks, more) => {
        const first = planFor(before, stacks);
        const homes = homesIn(planFor(after, more, carriedOut(first)));
        expect(new Set(homes.map(([name]) => name))).toEqual(new Set([...before, ...after]));
        expect(homes).toHaveLength(new Set([...before, ...after]).size);
        expect(homes).toEqual(expect.arrayContaining(homesIn(first)));
      }),
    );
  });

  test("a new account's stack does not depend on the others, so that two runs agree", () => {
    fc.assert(
      fc.property(names, counts, (all, stacks) => {
        const alone = all.flatMap((name) => homesIn(planFor([name], stacks)));
        expect(new Map(homesIn(planFor(all, stacks)) as [string, string][])).toEqual(
          new Map(alone as [string, string][]),
        );
      }),
    );
  });

  test("a thousand accounts spread evenly over ten stacks", () => {
    const thousand = Array.from({ length: 1_000 }, (_, index) => `account${String(index)}.here`);
    const sizes = planFor(thousand, 10).stacks.map(({ rotations }) => rotations.length);
    expect(sizes).toHaveLength(10);
    expect(Math.min(...sizes)).toBeGreaterThan(70);
    expect(Math.max(...sizes)).toBeLessThan(130);
  });

  test("an account that is gone stays, and the reason says what takes it out", () => {
    const { stacks } = planFor(["here"], 1, carriedOut(planFor(["gone", "here"], 1)));
    expect(stacks).toMatchObject([{ rotations: [{ name: "gone" }, { name: "here" }] }]);
    const reason = expect.stringContaining(`"pulumi refresh --yes --stack ${ID}-1"`) as string;
    expect(stacks[0]?.leftAlone).toEqual([{ of: "gone", kind: "failed", reason }]);
  });

  test("a version is refused that is smaller than one account's, before any other rotates", () => {
    const states = statesOf({ [`${ID}-1`]: { here: [3, 3] } });
    expect(() => planFor(["here", "new"], 1, states)).toThrow("--version 2 is smaller than 3");
  });

  test("an account in two stacks is refused", () => {
    const state: Versions = { here: [1, 1] };
    const twice = statesOf({ [`${ID}-1`]: state, [`${ID}-2`]: state });
    expect(() => planFor(["here"], 2, twice)).toThrow("here is in two stacks");
  });

  describe("an account whose stack is another subscription's", () => {
    const other = ID.replace(/\d$/, "9");
    const states = statesOf({ [`${other}-1`]: { here: [1, 1] } });

    test("is left to that one in a run for some subscriptions", () => {
      const { stacks, leftAlone } = planFor(["here"], 1, states);
      expect(stacks).toEqual([]);
      expect(leftAlone).toMatchObject([{ of: "here", kind: "skipped" }]);
      expect(planFor([], 1, states).leftAlone).toEqual([]);
    });

    test.each([[["here"]], [[]]])(
      "has failed in a run for all where that one is not listed in the file, with the accounts %j",
      (names) => {
        const { stacks, leftAlone } = planFor(names, 1, states, [ID]);
        expect(stacks).toEqual([]);
        const reason = expect.stringContaining("not in subscriptions.json: put it back") as string;
        expect(leftAlone).toEqual([{ of: "here", kind: "failed", reason }]);
      },
    );

    test("is that one's where that one could not be listed", () => {
      expect(planFor([], 1, states, [ID, other]).leftAlone).toEqual([]);
    });
  });

  describe("after an update that did not finish", () => {
    const [behind, ahead] = [`${ID}-1`, `${ID}-2`];
    const unfinished: Versions = { done: [2, 1], failed: [1, 1] };
    const plan = (version: number, states: Fleet["states"]) => {
      const listed = new Map([
        [{ id: ID, stacks: 2 }, ["done", "failed", "other", "alone"].map(listedAs)],
      ]);
      return planStacks({ version, fleet: [ID], listed, states });
    };

    test.each<[Versions]>([
      [unfinished],
      [{ done: [2, undefined], failed: [1, undefined] }], // without outputs
    ])("the stack of %j waits with a larger version, and others go on", (versions) => {
      const { stacks, leftAlone } = plan(
        3,
        statesOf({
          [behind]: versions,
          [ahead]: { other: [2, 2], alone: [1, 1] }, // one was left alone
        }),
      );
      expect(stacks.map(({ name }) => name)).toEqual([ahead]);
      const reason = expect.stringMatching(/did not finish.*Run --version 2 until/) as string;
      expect(leftAlone).toEqual([{ of: behind, kind: "failed", reason }]);
    });

    test("the version that finishes it leaves stacks alone that are beyond it", () => {
      const states = statesOf({
        [behind]: unfinished,
        [ahead]: { other: [3, 3], alone: [3, 3] },
      });
      const { stacks, leftAlone } = plan(2, states);
      expect(stacks).toMatchObject([{ name: behind }]);
      expect(leftAlone).toMatchObject([{ of: ahead, kind: "skipped" }]);
      expect(() => plan(1, states)).toThrow("--version 1 is smaller than");
    });

    test("no key that a stack's outputs name is ever regenerated, whatever fails in whichever run", () => {
      const few = fc.subarray(["a", "b", "c", "d"]);
      const runs = fc.array(
        fc.record({
          step: fc.constantFrom(1, 1, 1, 0, -1),
          unlisted: fc.oneof(fc.constant([]), few),
          noSharedKey: fc.oneof(fc.constant([]), few),
          failing: few,
        }),
        { minLength: 5, maxLength: 10 },
      );
      fc.assert(
        fc.property(runs, (all) => {
          const stacks = new Model();
          for (const { step, ...each } of all) {
            stacks.run({ ...each, version: Math.max(1, step + (stacks.versions().at(-1) ?? 0)) });
          }
          // Once nothing fails, each stack's last version finishes, and then all go on together.
          for (const version of stacks.versions()) stacks.run({ version });
          stacks.run({ version: 20 });
          const before = stacks.generations();
          expect(stacks.run({ version: 21 }).leftAlone).toEqual([]);
          expect(stacks.generations()).toEqual(before.map((generation) => generation + 1));
        }),
      );
    });
  });

  interface Run {
    readonly version: number;
    readonly unlisted?: readonly string[];
    readonly noSharedKey?: readonly string[];
    readonly failing?: readonly string[];
  }

  /** Stacks that are updated as Pulumi does it: where one account fails, all outputs stay. */
  class Model {
    readonly #states = new Map<string, StackState>();
    /** The generations of the keys that the stacks' outputs name. */
    readonly #named = new Map<string, number>();

    run({ version, unlisted = [], noSharedKey = [], failing = [] }: Run) {
      const listed = ["a", "b", "c", "d"].filter((name) => !unlisted.includes(name));
      const found = listed.map((name) => ({
        ...listedAs(name),
        allowsSharedKey: !noSharedKey.includes(name),
      }));
      const plan = this.#plan(version, new Map([[{ id: ID, stacks: 2 }, found]]));
      for (const stack of plan.stacks) this.#update(stack, failing);
      return plan;
    }

    #plan(version: number, listed: Fleet["listed"]): ReturnType<typeof planStacks> {
      try {
        return planStacks({ version, fleet: [ID], listed, states: this.#states });
      } catch (error) {
        expect(String(error)).toContain("is smaller than");
        return { stacks: [], leftAlone: [] };
      }
    }

    #update({ name: stack, rotations: planned }: PlannedStack, failing: readonly string[]) {
      const rotations = new Map(this.#states.get(stack));
      let hasFailed = false;
      for (const rotation of planned) {
        const known = rotations.get(rotation.name);
        if (known?.version === rotation.version) continue;
        if (failing.includes(rotation.name)) {
          hasFailed = true;
          continue;
        }
        const generation = known === undefined ? 0 : known.generation + 1;
        const versionInOutputs = known?.versionInOutputs;
        rotations.set(rotation.name, { ...rotation, generation, versionInOutputs });
      }
      if (!hasFailed) {
        for (const [name, rotation] of rotations) {
          rotations.set(name, { ...rotation, versionInOutputs: rotation.version });
          this.#named.set(name, rotation.generation);
        }
      }
      this.#states.set(stack, rotations);
      // Of an account's keys, those of its last two generations work.
      for (const [name, { generation }] of rotations) {
        const named = this.#named.get(name) ?? generation;
        expect(generation - named).toBeLessThanOrEqual(1);
      }
    }

    generations(): number[] {
      return this.#rotations().map(({ generation }) => generation);
    }

    /** Those of all accounts, the smallest first. */
    versions(): number[] {
      const all = new Set(this.#rotations().map(({ version }) => version));
      return [...all].sort((one, two) => one - two);
    }

    #rotations(): KnownRotation[] {
      return [...this.#states.values()].flatMap((state) => [...state.values()]);
    }
  }
});

/** Of each account the version in state, and that of the key that the outputs name. */
type Versions = Readonly<Record<string, readonly [number, number | undefined]>>;

function statesOf(stacks: Readonly<Record<string, Versions>>): Fleet["states"] {
  return new Map(
    Object.entries(stacks).map(([stack, versions]) => {
      const rotations = Object.entries(versions).map(([name, [version, versionInOutputs]]) => {
        const generation = version - 1;
        return [
          name,
          { name, accountId: `/${name}`, version, generation, versionInOutputs },
        ] as const;
      });
      return [stack, new Map(rotations)];
    }),
  );
}
