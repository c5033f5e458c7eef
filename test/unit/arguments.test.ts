import { checkInputs } from "../../provider/rotation/check";
import { UNKNOWN } from "../../provider/rotation/unknown";
import { NO_SUBSCRIPTION } from "../../provider/rotation/validation";
import { ACCOUNT_ID, SUBSCRIPTION_ID } from "../support/rotationInputs";

function check(given: Record<string, unknown>, subscriptionId = "") {
  return checkInputs(undefined, given, { ...NO_SUBSCRIPTION, subscriptionId }, new Date());
}

function failedProperties(given: Record<string, unknown>, subscriptionId = "") {
  return check(given, subscriptionId).failures.map(({ property }) => property);
}

const PARTS = { resourceGroupName: "group", accountName: "account" };

describe("naming the account", () => {
  test("an id gives its parts, parts give the id", () => {
    const named = { accountId: ACCOUNT_ID, subscriptionId: SUBSCRIPTION_ID, ...PARTS };
    expect(check({ accountId: ACCOUNT_ID }).inputs).toMatchObject(named);
    expect(check({ ...PARTS, subscriptionId: SUBSCRIPTION_ID }).inputs).toMatchObject(named);
    expect(check(PARTS, SUBSCRIPTION_ID).inputs).toMatchObject(named);
  });

  test.each([
    ["neither way", {}],
    ["both ways, of two accounts", { accountId: ACCOUNT_ID, accountName: "another" }],
    ["an id and a part that is a number", { accountId: ACCOUNT_ID, subscriptionId: 5 }],
    ["no ARM id", { accountId: "account" }],
    ["an empty id", { accountId: "" }],
    ["another resource's id", { accountId: ACCOUNT_ID.replace("batchAccounts", "pools") }],
    ["an id with an encoded slash", { accountId: `${ACCOUNT_ID}%2Fpools` }],
    ["an id with a line break", { accountId: `${ACCOUNT_ID}\n` }],
    ["an id with a query", { accountId: `${ACCOUNT_ID}?a=b` }],
    ["an id that is a number", { accountId: 5 }],
  ])("%s fails on accountId", (_, given) => {
    expect(failedProperties(given)).toEqual(["accountId"]);
  });

  test("an id and parts may both name an account, also where one of them is not known yet", () => {
    const shouted = { resourceGroupName: "GROUP", accountName: "Account" };
    const named = { accountId: ACCOUNT_ID, subscriptionId: SUBSCRIPTION_ID, ...PARTS };
    expect(check({ accountId: ACCOUNT_ID, ...shouted }).inputs).toMatchObject(named);
    expect(check({ accountId: ACCOUNT_ID, ...PARTS, subscriptionId: UNKNOWN }).failures).toEqual(
      [],
    );
    expect(check({ accountId: UNKNOWN, ...PARTS }).inputs).toMatchObject({ accountId: UNKNOWN });
  });

  test("every wrong or missing part is reported at once", () => {
    expect(failedProperties({ accountName: "no-hyphens" })).toEqual([
      "subscriptionId",
      "resourceGroupName",
      "accountName",
    ]);
    expect(failedProperties({ ...PARTS, subscriptionId: "mine" })).toEqual(["subscriptionId"]);
    expect(failedProperties({ ...PARTS, resourceGroupName: "ends." }, SUBSCRIPTION_ID)).toEqual([
      "resourceGroupName",
    ]);
  });
});

describe("settings", () => {
  test.each([
    ["version", Number.NaN],
    ["version", Number.POSITIVE_INFINITY],
    ["version", ""],
    ["version", " "],
    ["version", { toString: "x" }],
    ["version", true],
    ["rotate", "alternate"],
    ["rotate", "__proto__"],
    ["liveKey", "Both"],
    ["rotateOnCreate", "yes"],
    ["verifyKey", "Always"],
    ["revokeOnDelete", 1],
    ["rotateAfter", "90 days"],
    ["rotateAfter", "P0D"],
    ["rotateAfter", "-P1D"],
    ["rotateAfter", "P1M-29D"],
    ["rotateAfter", "P101Y"],
    ["rotateAfter", 90],
    ["minimumOverlap", "P"],
    ["configNamespace", "a:b"],
  ])("%s: %p fails on that property", (property, value) => {
    expect(failedProperties({ accountId: ACCOUNT_ID, [property]: value })).toEqual([property]);
  });

  test("an overlap longer than the schedule fails", () => {
    const given = { accountId: ACCOUNT_ID, rotateAfter: "P30D", minimumOverlap: "P2M" };
    expect(failedProperties(given)).toEqual(["minimumOverlap"]);
  });

  test("all mistakes are reported at once, and the inputs go back as they came", () => {
    const given = { rotate: "x", version: "", rotateAfter: "soon", minimumOverlap: "later" };
    expect(failedProperties(given)).toEqual([
      "accountId",
      "version",
      "rotate",
      "rotateAfter",
      "minimumOverlap",
    ]);
    expect(check(given).inputs).toBe(given);
  });
});
