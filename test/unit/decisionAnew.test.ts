import fc from "fast-check";
import { checkInputs } from "../../provider/rotation/check";
import { currentKeyName } from "../../provider/rotation/decision";
import type { RotationInputs } from "../../provider/rotation/properties";
import { NO_SUBSCRIPTION } from "../../provider/rotation/validation";
import { inState, settings, version } from "../support/arbitraries";
import { ACCOUNT_ID, DECIDED_AT, rotationInputs } from "../support/rotationInputs";

/* What is decided for a resource without old inputs that may go on from what is known. */

const NOW = new Date("2026-02-01T00:00:00.000Z");

const MOVED = ACCOUNT_ID.replace("/group/", "/another/");
const OTHER = ACCOUNT_ID.replace(/account$/, "another");

/** The decision for a resource that is created, and may go on from what is known. */
function created(
  given: Record<string, unknown>,
  ...predecessors: readonly [RotationInputs & { isUnfinished?: boolean }, boolean][]
) {
  return checkInputs(undefined, given, NO_SUBSCRIPTION, NOW, {
    predecessors: predecessors.map(([rotation, isSameResource]) => ({ rotation, isSameResource })),
  });
}

describe("the decision for a resource that is made anew", () => {
  /** The account that is wanted, and whether the same resource had one. */
  const road = fc.constantFrom(
    [ACCOUNT_ID, true] as const,
    [MOVED, true] as const,
    [ACCOUNT_ID, false] as const,
  );

  test("under Alternate it never names the key that consumers hold, whatever leads to it", () => {
    fc.assert(
      fc.property(inState, settings, version, road, (old, given, next, [accountId, isSame]) => {
        const wanted = { accountId, ...given, rotate: "Alternate", version: next };
        const { inputs, failures } = created(wanted, [old, isSame]);
        fc.pre(failures.length === 0);
        const decided = inputs as unknown as RotationInputs;
        if (decided.rotationReason === "Moved") {
          expect(decided).toMatchObject({
            generation: old.generation,
            keyToRotate: old.keyToRotate,
            rotationDecidedAt: old.rotationDecidedAt,
          });
        } else {
          expect(decided.generation).toBe(old.generation + 1);
          expect(decided.keyToRotate).not.toBe(currentKeyName(old as RotationInputs));
        }
      }),
    );
  });

  test("the same resource of the same account rotates, as Replaced", () => {
    const old = rotationInputs({ generation: 4, keyToRotate: "Primary" });
    for (const rotateOnCreate of [true, false]) {
      expect(created({ accountId: ACCOUNT_ID, rotateOnCreate }, [old, true]).inputs).toMatchObject({
        generation: 5,
        keyToRotate: "Secondary",
        rotationReason: "Replaced",
      });
    }
  });

  test("a smaller version, and minimumOverlap, hold a replacement up", () => {
    const old = rotationInputs({ version: 3, rotationDecidedAt: NOW.toISOString() });
    const { failures } = created({ accountId: ACCOUNT_ID, version: 2 }, [old, true]);
    expect(failures).toMatchObject([{ property: "version" }]);
    const given = { accountId: ACCOUNT_ID, version: 3, minimumOverlap: "P1D" };
    expect(created(given, [old, true]).failures).toMatchObject([
      { property: "minimumOverlap", reason: expect.stringContaining("untaint") as string },
    ]);
    expect(created({ ...given, rotate: "Both" }, [old, true]).inputs).toMatchObject({
      keyToRotate: "Both",
      rotationReason: "Replaced",
    });
  });

  test.each([
    ["an account that has moved", MOVED, true],
    ["another resource of the same account", ACCOUNT_ID, false],
  ])("%s keeps key, generation and schedule, even where that is due", (_, accountId, isSame) => {
    const old = rotationInputs({ generation: 4, keyToRotate: "Both", rotateAfter: "PT1S" });
    const wanted = { accountId, rotateAfter: "PT1S" };
    expect(created(wanted, [old, isSame]).inputs).toMatchObject({
      generation: 4,
      keyToRotate: "Both",
      rotationReason: "Moved",
      rotationDecidedAt: DECIDED_AT,
    });
    expect(created({ ...wanted, version: 2 }, [old, isSame]).inputs).toMatchObject({
      generation: 5,
      keyToRotate: "Secondary",
      rotationReason: "VersionChanged",
    });
  });

  test("a move is decided the same way while there are old inputs", () => {
    const old = rotationInputs({ generation: 4, keyToRotate: "Primary" });
    expect(checkInputs(old, { accountId: MOVED }, NO_SUBSCRIPTION, NOW).inputs).toMatchObject({
      generation: 4,
      keyToRotate: "Primary",
      rotationReason: "Moved",
      rotationDecidedAt: DECIDED_AT,
    });
  });

  test("another resource's smaller version is no mistake", () => {
    const old = rotationInputs({ version: 7, keyToRotate: "Secondary" });
    expect(created({ accountId: ACCOUNT_ID, version: 1 }, [old, false])).toMatchObject({
      failures: [],
      inputs: { keyToRotate: "Primary", rotationReason: "VersionChanged" },
    });
  });

  test("what was asked for half-way is asked for again after a move", () => {
    const old = { ...rotationInputs({ version: 2 }), isUnfinished: true };
    expect(created({ accountId: MOVED, version: 2 }, [old, true]).inputs).toMatchObject({
      keyToRotate: "Primary",
      rotationReason: "VersionChanged",
    });
  });

  test("another account begins with liveKey", () => {
    const old = rotationInputs({ generation: 4, keyToRotate: "Primary" });
    expect(created({ accountId: OTHER }, [old, true]).inputs).toMatchObject({
      generation: 1,
      keyToRotate: "Secondary",
      rotationReason: "Created",
    });
  });

  test("of several of one account, the last to decide knows the key in use", () => {
    const stale = rotationInputs({ generation: 1, keyToRotate: "Secondary" });
    const latest = rotationInputs({
      generation: 2,
      keyToRotate: "Primary",
      rotationDecidedAt: "2026-01-02T00:00:00.000Z",
    });
    type Known = [RotationInputs, boolean];
    const roads: [Known, Known][] = [
      [
        [stale, false],
        [latest, true],
      ],
      [
        [latest, true],
        [stale, false],
      ],
      [
        [latest, false],
        [stale, true],
      ],
    ];
    for (const [one, other] of roads) {
      expect(created({ accountId: ACCOUNT_ID }, one, other).inputs).toMatchObject({
        generation: 3,
        keyToRotate: "Secondary",
        rotationReason: "Replaced",
      });
    }
  });

  test("the version of a key that nobody has got can be taken back", () => {
    const old = { ...rotationInputs({ version: 2 }), isUnfinished: true };
    expect(created({ accountId: ACCOUNT_ID, version: 1 }, [old, true])).toMatchObject({
      failures: [],
      inputs: { rotationReason: "Replaced" },
    });
  });

  test("of several, the one of the account itself counts", () => {
    const before = rotationInputs({ accountId: MOVED, generation: 2, keyToRotate: "Primary" });
    const its = rotationInputs({ generation: 9, keyToRotate: "Secondary" });
    expect(created({ accountId: ACCOUNT_ID }, [before, true], [its, false]).inputs).toMatchObject({
      generation: 9,
      keyToRotate: "Secondary",
      rotationReason: "Moved",
    });
  });
});
