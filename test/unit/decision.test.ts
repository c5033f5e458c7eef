import fc from "fast-check";
import { type CheckContext, checkInputs } from "../../provider/rotation/check";
import { currentKeyName, decideNext, sameVersion } from "../../provider/rotation/decision";
import { after } from "../../provider/rotation/duration";
import type { RotationInputs } from "../../provider/rotation/properties";
import { UNKNOWN } from "../../provider/rotation/unknown";
import { NO_SUBSCRIPTION } from "../../provider/rotation/validation";
import { inState, settings, version } from "../support/arbitraries";
import { ACCOUNT_ID, DECIDED_AT, rotationInputs } from "../support/rotationInputs";

const NOW = new Date("2026-02-01T00:00:00.000Z");

function check(old: object, given: Record<string, unknown>, now = NOW, context?: CheckContext) {
  const inState = Object.keys(old).length === 0 ? undefined : (old as RotationInputs);
  return checkInputs(inState, given, NO_SUBSCRIPTION, now, context);
}

describe("the first decision", () => {
  test("rotates the key that consumers do not hold", () => {
    expect(check({}, { accountId: ACCOUNT_ID }).inputs).toMatchObject({
      generation: 1,
      keyToRotate: "Secondary",
      rotationReason: "Created",
      rotationDecidedAt: NOW.toISOString(),
      version: 1,
    });
    expect(check({}, { accountId: ACCOUNT_ID, liveKey: "Secondary" }).inputs).toMatchObject({
      keyToRotate: "Primary",
    });
  });

  test("adopts without a rotation if rotateOnCreate is false", () => {
    expect(check({}, { accountId: ACCOUNT_ID, rotateOnCreate: false }).inputs).toMatchObject({
      generation: 0,
      keyToRotate: "None",
      rotationReason: "Adopted",
    });
  });

  test("starts anew for another account, whatever its version", () => {
    const old = rotationInputs({ version: 7, generation: 7, keyToRotate: "Primary" });
    const accountId = ACCOUNT_ID.replace(/account$/, "another");
    expect(check(old, { accountId, version: 1 })).toMatchObject({
      failures: [],
      inputs: { generation: 1, keyToRotate: "Secondary", rotationReason: "Created" },
    });
  });

  test("takes an id in another letter case for the same account", () => {
    const old = rotationInputs({ generation: 5 });
    const given = {
      accountId: ACCOUNT_ID.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"),
    };
    expect(check(old, given).inputs).toMatchObject({ generation: 5 });
  });
});

describe("the next decision", () => {
  test("no edit but a change of version rotates", () => {
    fc.assert(
      fc.property(inState, settings, (old, given) => {
        const { inputs } = check(old, { accountId: ACCOUNT_ID, ...given, version: old.version });
        expect(inputs).toMatchObject({
          generation: old.generation,
          keyToRotate: old.keyToRotate,
          rotationReason: old.rotationReason,
          rotationDecidedAt: old.rotationDecidedAt,
        });
      }),
    );
  });

  test("under Alternate a rotation never names the key that consumers hold", () => {
    fc.assert(
      fc.property(inState, settings, version, (old, given, next) => {
        const wanted = { ...old, ...given, rotate: "Alternate", version: next } as RotationInputs;
        const decision = decideNext(old, wanted, NOW);
        fc.pre(!("reason" in decision) && decision.generation !== old.generation);
        expect(decision).toMatchObject({ generation: old.generation + 1 });
        expect(currentKeyName({ ...wanted, ...decision })).not.toBe(currentKeyName(old));
      }),
    );
  });

  test("a retry decides the same key however late it comes", () => {
    fc.assert(
      fc.property(inState, fc.integer({ min: 0, max: 10 ** 12 }), (old, delay) => {
        const wanted = { ...old, version: `${String(old.version)} changed` };
        const retried = new Date(NOW.getTime() + delay);
        expect({ ...decideNext(old, wanted, retried), rotationDecidedAt: "" }).toEqual({
          ...decideNext(old, wanted, NOW),
          rotationDecidedAt: "",
        });
      }),
    );
  });

  test("a clock that runs backwards rotates nothing", () => {
    fc.assert(
      fc.property(inState, fc.integer({ min: 1, max: 10 ** 11 }), (old, back) => {
        const now = new Date(new Date(old.rotationDecidedAt).getTime() - back);
        const wanted = { ...old, rotateAfter: "P1D" };
        expect(decideNext(old, wanted, now)).toMatchObject({ generation: old.generation });
      }),
    );
  });

  test.each([
    [2, 1],
    [1.5, 1.4],
    ["5", 3],
    [7, "6"],
  ])("refuses to go from version %p to %p, saying why", (from, to) => {
    const { failures } = check(rotationInputs({ version: from }), {
      accountId: ACCOUNT_ID,
      version: to,
    });
    expect(failures).toEqual([
      { property: "version", reason: expect.stringContaining("cannot be brought back") as string },
    ]);
  });

  test('any change of a text rotates, and 2 and "2" are one version', () => {
    const old = rotationInputs({ version: "2026-11" });
    const given = { accountId: ACCOUNT_ID, version: "2026-10" };
    expect(check(old, given).inputs).toMatchObject({ generation: 2, keyToRotate: "Primary" });
    expect(sameVersion(2, "2")).toBe(true);
    expect(sameVersion(2, "2.0")).toBe(false);
  });

  test("rotates once when rotateAfter has passed, however many periods ago", () => {
    const old = rotationInputs({ rotateAfter: "P7D" });
    const given = { accountId: ACCOUNT_ID, rotateAfter: "P7D" };
    const due = after(DECIDED_AT, "P7D");
    const before = check(old, given, new Date(due.getTime() - 1));
    expect(before.inputs).toMatchObject({ generation: 1 });
    const years = check(old, given, new Date("2030-01-01T00:00:00.000Z"));
    expect(years.inputs).toMatchObject({ generation: 2, rotationReason: "Scheduled" });
    const again = check(years.inputs, given, new Date("2030-01-01T00:00:01.000Z"));
    expect(again.inputs).toMatchObject({ generation: 2 });
    expect(check(old, given, due).inputs).toMatchObject({ generation: 2 });
  });

  test("counts months and years as calendar time in UTC", () => {
    expect(after("2027-01-31T12:00:00.000Z", "P1M").toISOString()).toBe("2027-02-28T12:00:00.000Z");
    expect(after("2028-02-29T00:00:00.000Z", "P1Y").toISOString()).toBe("2029-02-28T00:00:00.000Z");
    // A day of daylight saving in many time zones is a day like others in UTC.
    expect(after("2027-03-28T00:30:00.000Z", "P1D").toISOString()).toBe("2027-03-29T00:30:00.000Z");
  });

  test("refuses a change of version inside minimumOverlap with the time left", () => {
    const old = rotationInputs();
    const given = { accountId: ACCOUNT_ID, version: 2, minimumOverlap: "P31D" };
    const now = new Date("2026-01-29T22:30:00.000Z");
    expect(check(old, given, now).failures).toEqual([
      { property: "version", reason: expect.stringContaining("2 days, 1 hour left") as string },
    ]);
    expect(check(old, given, now).failures[0]?.reason).toContain('set rotate to "Both"');
    expect(check(old, { ...given, rotate: "Both" }, now).inputs).toMatchObject({
      keyToRotate: "Both",
    });
    expect(check(old, given, after(DECIDED_AT, "P31D")).inputs).toMatchObject({ generation: 2 });
  });

  test("says so when the last rotation lies in the clock's future", () => {
    const old = rotationInputs({ rotationDecidedAt: "2026-03-01T00:00:00.000Z" });
    const given = { accountId: ACCOUNT_ID, version: 2, minimumOverlap: "P1D" };
    expect(check(old, given).failures[0]?.reason).toContain("check the clock");
  });

  test("a schedule waits for minimumOverlap to end", () => {
    const old = rotationInputs({ rotateAfter: "P1M", minimumOverlap: "P30D" });
    const given = { accountId: ACCOUNT_ID, rotateAfter: "P1M", minimumOverlap: "P30D" };
    const february = { ...old, rotationDecidedAt: "2026-02-01T00:00:00.000Z" };
    expect(check(february, given, new Date("2026-03-02T00:00:00.000Z")).inputs).toMatchObject({
      generation: 1,
    });
    expect(check(february, given, new Date("2026-03-03T00:00:00.000Z")).inputs).toMatchObject({
      generation: 2,
    });
  });

  test("the first rotation of an adopted account has no overlap to wait for", () => {
    const old = rotationInputs({ generation: 0, keyToRotate: "None", rotationReason: "Adopted" });
    const given = { accountId: ACCOUNT_ID, version: 2, minimumOverlap: "P3650D" };
    expect(check(old, given).inputs).toMatchObject({ generation: 1, keyToRotate: "Secondary" });
  });

  test("nor has the rotation after both keys were regenerated: the keys that were retired are dead", () => {
    const old = rotationInputs({ rotate: "Both", keyToRotate: "Both" });
    const given = { accountId: ACCOUNT_ID, version: 2, minimumOverlap: "P3650D" };
    expect(check(old, given).inputs).toMatchObject({ generation: 2, keyToRotate: "Secondary" });
  });

  test("refuses to rotate for the first time while liveKey changes, and takes the change alone", () => {
    const adopted = { generation: 0, keyToRotate: "None", rotationReason: "Adopted" } as const;
    const given = { accountId: ACCOUNT_ID, liveKey: "Secondary" };
    const { failures } = check(rotationInputs(adopted), { ...given, version: 2 });
    expect(failures.map(({ property }) => property)).toEqual(["liveKey"]);
    const corrected = check(rotationInputs(adopted), given).inputs;
    expect(check(corrected, { ...given, version: 2 }).inputs).toMatchObject({
      keyToRotate: "Primary",
    });
  });

  test("after Both, consumers hold the Primary key", () => {
    const old = rotationInputs({ keyToRotate: "Both" });
    const given = { accountId: ACCOUNT_ID, version: 2 };
    expect(check(old, given).inputs).toMatchObject({ keyToRotate: "Secondary" });
  });
});

describe("in a preview", () => {
  const preview = (old: object, given: Record<string, unknown>) =>
    check(old, { accountId: ACCOUNT_ID, ...given }, NOW, { previewing: true }).inputs;

  test("the time of a new decision is not known, so that a plan holds for any", () => {
    expect(preview({}, {})).toMatchObject({ generation: 1, rotationDecidedAt: UNKNOWN });
    expect(preview(rotationInputs(), { version: 2 })).toMatchObject({
      generation: 2,
      keyToRotate: "Primary",
      rotationDecidedAt: UNKNOWN,
    });
  });

  test("the time of a decision that holds on is known", () => {
    expect(preview(rotationInputs(), {})).toMatchObject({ rotationDecidedAt: DECIDED_AT });
  });

  test("a replacement of an account that is not known yet is not decided", () => {
    const { inputs } = check({}, { accountId: UNKNOWN }, NOW, {
      previewing: true,
      predecessors: [{ rotation: rotationInputs(), isSameResource: true }],
    });
    expect(inputs).toMatchObject({ keyToRotate: UNKNOWN, rotationReason: UNKNOWN });
  });
});

describe("values that a preview does not know yet", () => {
  test("stay unknown, and leave the decision unknown where it depends on them", () => {
    const first = check({}, { accountId: UNKNOWN, version: UNKNOWN });
    expect(first).toMatchObject({
      failures: [],
      inputs: {
        accountId: UNKNOWN,
        accountName: UNKNOWN,
        version: UNKNOWN,
        generation: 1,
        keyToRotate: "Secondary",
      },
    });
    expect(check(rotationInputs(), { accountId: UNKNOWN }).inputs).toMatchObject({
      generation: UNKNOWN,
      keyToRotate: UNKNOWN,
      rotationReason: UNKNOWN,
      rotationDecidedAt: UNKNOWN,
    });
  });

  test("no combination of unknown values fails or is parsed", () => {
    const names = ["version", "rotate", "liveKey", "rotateOnCreate", "rotateAfter"];
    const more = ["minimumOverlap", "verifyKey", "revokeOnDelete", "resourceGroupName"];
    fc.assert(
      fc.property(fc.subarray([...names, ...more]), fc.boolean(), (unknown, exists) => {
        const given = {
          subscriptionId: rotationInputs().subscriptionId,
          resourceGroupName: "group",
          accountName: "account",
          ...Object.fromEntries(unknown.map((name) => [name, UNKNOWN])),
        };
        const { inputs, failures } = check(exists ? rotationInputs() : {}, given);
        expect(failures).toEqual([]);
        for (const name of unknown) expect(inputs[name]).toBe(UNKNOWN);
      }),
    );
  });
});
