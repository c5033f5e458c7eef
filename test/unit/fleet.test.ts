import fc from "fast-check";
import type { ListedAccount } from "../../examples/fleet/accounts";
import { parseSubscriptions, readArguments } from "../../examples/fleet/arguments";
import { type Fleet, planStacks } from "../../examples/fleet/plan";
import subscriptions from "../../examples/fleet/subscriptions.json";

/* What examples/fleet decides before it runs anything; test/examples/fleet.test.ts runs it. */

const ID = String(subscriptions[0]?.id);

test.each([
  [[], "--version is missing"],
  [["--version", "0"], '--version is "0": use a whole number from 1'],
  [["--version", "1.5"], '--version is "1.5": use a whole number from 1'],
  [["--version", "2", "--parallel", "many"], '"many": use a whole number from 1 to 16'],
  [["--version", "2", "--subscription", "other"], '"other" is not in subscriptions.json'],
  [["--version", "2", "--subscription", ID, "--forget", "a"], "--forget does not go with"],
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
    forget: readonly string[] = [],
  ) => {
    const listed = new Map([[{ id: ID, stacks }, names.map(listedAs)]]);
    return planStacks({ version: 2, forget, listed, states });
  };
  /** What the states are when a plan has been carried out. */
  const carriedOut = ({ stacks }: ReturnType<typeof planStacks>): Fleet["states"] =>
    new Map(
      stacks.map(({ name, rotations }) => [
        name,
        new Map(rotations.map((each) => [each.name, { ...each, generation: 0 }])),
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

  test("an account that is gone stays until it is forgotten", () => {
    const states = carriedOut(planFor(["gone", "here"], 1));
    expect(homesIn(planFor(["here"], 1, states))).toHaveLength(2);
    expect(homesIn(planFor(["here"], 1, states, ["gone"]))).toEqual([["here", `${ID}-1`]]);
    expect(() => planFor(["here"], 1, states, ["never"])).toThrow("no stack has an account");
  });

  test("an account that is there is not forgotten", () => {
    expect(() => planFor(["here"], 1, new Map(), ["here"])).toThrow("the account is there");
  });

  test("a version is refused that is smaller than one account's, before any other rotates", () => {
    const known = { name: "here", accountId: "/here", version: 3, generation: 1 };
    const states = new Map([[`${ID}-1`, new Map([["here", known]])]]);
    expect(() => planFor(["here", "new"], 1, states)).toThrow("--version 2 is smaller than 3");
  });

  test("an account in two stacks is refused", () => {
    const state = carriedOut(planFor(["here"], 1)).get(`${ID}-1`);
    const twice = ["1", "2"].map((bucket) => [`${ID}-${bucket}`, state ?? new Map()] as const);
    expect(() => planFor(["here"], 2, new Map(twice))).toThrow("here is in two stacks");
  });

  test("an account whose stack is another subscription's is left to that one", () => {
    const other = ID.replace(/\d$/, "9");
    const states = new Map([
      [
        `${other}-1`,
        new Map([["here", { name: "here", accountId: "/", version: 1, generation: 0 }]]),
      ],
    ]);
    const { stacks, elsewhere } = planFor(["here"], 1, states);
    expect(stacks).toEqual([]);
    expect(elsewhere).toMatchObject([{ of: "here", kind: "skipped" }]);
  });
});
