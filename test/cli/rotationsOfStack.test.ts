import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { rotationsOfStack } from "../../cli/status/rotationsOfStack";
import { byUrgency, isTrouble, type RotationStatus } from "../../cli/status/rotationStatus";
import { type ExportedResource, parseStackExport } from "../../cli/status/stackExport";
import { TYPE } from "../../provider/program/providerText";
import { fingerprint } from "../../provider/rotation/outputs";
import { ARGUMENT_NAMES, OUTPUT_NAMES } from "../../provider/rotation/properties";
import { ROTATION_TYPES } from "../../provider/rotation/resourceTypes";
import { DECIDED_AT, SUBSCRIPTION_ID } from "../support/rotationInputs";
import { decrypted, encrypted, exportedRotation, stackExport } from "../support/stackExports";

/* What the state of a stack says of its rotations, and how urgent that is. */

const DAY = 86_400_000;
const KEY = "o".repeat(86) + "==";

function daysLater(days: number): Date {
  return new Date(Date.parse(DECIDED_AT) + days * DAY);
}

function statuses(
  resources: readonly ExportedResource[],
  { days = 1, grace }: { readonly days?: number; readonly grace?: string } = {},
  pending: readonly { type: string; resource: ExportedResource }[] = [],
): RotationStatus[] {
  const state = parseStackExport(stackExport(resources, pending));
  return rotationsOfStack(state, { now: daysLater(days), grace }).sort(byUrgency);
}

function statusOf(
  rotation: Parameters<typeof exportedRotation>[0],
  when?: Parameters<typeof statuses>[1],
): RotationStatus {
  const [status] = statuses([exportedRotation(rotation)], when);
  if (status === undefined) throw new Error("the rotation is not told of");
  return status;
}

test("a finished rotation is told with its account, key, age and next rotation", () => {
  expect(statusOf({ settings: { rotateAfter: "P90D" } }, { days: 12.5 })).toEqual({
    status: "OK",
    problem: null,
    project: "fleet",
    stack: "dev",
    resourceName: "account",
    urn: `urn:pulumi:dev::fleet::${TYPE}::account`,
    accountId: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/group/providers/Microsoft.Batch/batchAccounts/account`,
    accountName: "account",
    resourceGroupName: "group",
    currentKeyName: "Secondary",
    currentKeyFingerprint: fingerprint("secondary key"),
    generation: 1,
    currentKeySince: DECIDED_AT,
    currentKeyAgeInDays: 12,
    nextRotationAt: daysLater(90).toISOString(),
    revocationAt: null,
    keyVerification: "Verified",
    secretProperties: [],
  });
});

test("rotations of the dynamic resource and of the plugin count, and no other resource does", () => {
  const { resources } = JSON.parse(
    fs.readFileSync(path.join(__dirname, "../../provider/schema.json"), "utf8"),
  ) as { resources: object };
  expect(ROTATION_TYPES).toEqual([TYPE, ...Object.keys(resources)]);
  const ofTypes = ROTATION_TYPES.map((type, index) =>
    exportedRotation({ type, name: `account${String(index)}` }),
  );
  const foreign = exportedRotation({ type: "other:index:BatchAccountKeyRotation" });
  const told = statuses([...ofTypes, foreign]).map(({ accountName }) => accountName);
  expect(told).toEqual(["account0", "account1"]);
});

describe("overdue", () => {
  const settings = { rotateAfter: "P90D" };

  test("is a rotation from the moment that the schedule names", () => {
    expect(statusOf({ settings }, { days: 89.999 }).status).toBe("OK");
    const late = statusOf({ settings }, { days: 95 });
    expect(late).toMatchObject({ status: "Overdue", nextRotationAt: daysLater(90).toISOString() });
    expect(late.problem).toMatch(/rotation has been due for 5 days, since 2026-04-01T.*Next: run/);
  });

  test("comes after minimumOverlap, as the rotation does", () => {
    const held = { settings: { ...settings, minimumOverlap: "P100D" } };
    expect(statusOf(held, { days: 99 }).status).toBe("OK");
    expect(statusOf(held, { days: 101 }).status).toBe("Overdue");
  });

  test("is the revocation of a previous key that was not revoked", () => {
    const revoking = { ...settings, revokePreviousAfter: "P7D" };
    const late = statusOf({ settings: revoking }, { days: 8 });
    expect(late).toMatchObject({ status: "Overdue", revocationAt: daysLater(7).toISOString() });
    expect(late.problem).toMatch(/revocation of the previous key, Primary, has been due for 1 day/);
    const revoked = statusOf({ settings: { ...revoking, keyToRevoke: "Primary" } }, { days: 8 });
    expect(revoked).toMatchObject({ status: "OK", revocationAt: null });
  });

  test("with a grace is only what is later than that; before, it is due, and no trouble", () => {
    const judged = [90.5, 91.5].map((days) => statusOf({ settings }, { days, grace: "P1D" }));
    expect(judged.map(({ status }) => status)).toEqual(["Due", "Overdue"]);
    expect(judged.map(isTrouble)).toEqual([false, true]);
  });

  test("is nothing without a schedule, however old the key is", () => {
    expect(statusOf({}, { days: 5_000 })).toMatchObject({ status: "OK", nextRotationAt: null });
  });
});

describe("unfinished", () => {
  // What an update leaves that failed half-way: new outputs, old inputs, the key in use as before.
  const halfWay = {
    inputs: { rotationDecidedAt: daysLater(-40).toISOString() },
    outputs: {
      generation: 2,
      version: 2,
      keyToRotate: "Primary",
      currentKeyName: "Secondary",
      keyVerification: "Rejected",
    },
  };

  test("is what an update left half-way, and its age is that of the key in use", () => {
    const initErrors = ["the new Primary key does not work yet. Next: run it again"];
    expect(statusOf({ ...halfWay, resource: { initErrors } })).toMatchObject({
      status: "Unfinished",
      problem: `the last update stopped half-way: ${initErrors[0] ?? ""}`,
      currentKeyName: "Secondary",
      currentKeyAgeInDays: 41,
    });
  });

  test("it stays after a refresh, which takes the error out of state", () => {
    const { status, problem } = statusOf(halfWay);
    expect(status).toBe("Unfinished");
    expect(problem).toMatch(/^the new Primary key is not handed out yet\. Next: run "pulumi up"/);
  });

  test("goes before overdue", () => {
    const settings = { rotateAfter: "P1D" };
    expect(statusOf({ ...halfWay, settings }, { days: 50 }).status).toBe("Unfinished");
  });

  test("is a current key that somebody else has changed, until it was tried", () => {
    const { status, problem } = statusOf({ outputs: { keyVerification: "Skipped" } });
    expect(status).toBe("Unfinished");
    expect(problem).toContain("has not been found to work (keyVerification is Skipped)");
  });

  test("is a Key Vault secret that does not hold the key", () => {
    const settings = { keyVaultSecret: { vaultUri: "https://v.vault.azure.net/", name: "key" } };
    expect(statusOf({ settings, outputs: { secretVersion: "1" } }).status).toBe("OK");
    const { status, problem } = statusOf({ settings });
    expect(status).toBe("Unfinished");
    expect(problem).toContain("Key Vault secret");
  });

  test("is what an interrupted update had begun, also where state has no such resource yet", () => {
    const [known, unmade, read] = ["known", "unmade", "read"].map((name) =>
      exportedRotation({ name }),
    ) as [ExportedResource, ExportedResource, ExportedResource];
    const pending = [
      { type: "updating", resource: known },
      { type: "creating", resource: unmade },
      { type: "reading", resource: read },
    ];
    const told = statuses([known, read], {}, pending);
    expect(told.map(({ accountName, status }) => [accountName, status])).toEqual([
      ["known", "Unfinished"],
      ["unmade", "Unfinished"],
      ["read", "OK"],
    ]);
    expect(told[1]).toMatchObject({ currentKeyName: null, generation: null });
    expect(told[1]?.problem).toContain("interrupted, or is running now");
  });

  test("is one that was deleted to be made anew, but not one that its successor has replaced", () => {
    expect(statusOf({ resource: { pendingReplacement: true } }).status).toBe("Unfinished");
    const replaced = exportedRotation({ ...halfWay, resource: { delete: true } });
    expect(statuses([exportedRotation(), replaced]).map(({ status }) => status)).toEqual(["OK"]);
  });
});

test("an adopted key, an imported one, and one that get() reads, are in order", () => {
  const adopted = { generation: 0, keyToRotate: "None", rotateOnCreate: false } as const;
  expect(
    statusOf({ settings: adopted, outputs: { rotatedAt: undefined } }, { days: 3 }),
  ).toMatchObject({ status: "OK", generation: 0, currentKeyAgeInDays: 3 });
  const imported = { rotationReason: "Imported", rotationDecidedAt: undefined };
  expect(
    statusOf({
      settings: adopted,
      inputs: imported,
      outputs: { ...imported, rotatedAt: undefined, keyVerification: "Skipped" },
    }),
  ).toMatchObject({ status: "OK", currentKeySince: null, currentKeyName: "Primary" });
  const read = { rotationDecidedAt: undefined, rotatedAt: undefined, keyVerification: "Skipped" };
  expect(
    statusOf({ settings: adopted, inputs: { version: undefined }, outputs: read }),
  ).toMatchObject({ status: "OK", currentKeySince: null });
});

describe("unreadable", () => {
  test.each([
    ["of a newer version", { outputs: { keyVerification: "Postponed" } }, /\(keyVerification\)/],
    ["with inputs of a newer version", { inputs: { keyToRotate: "Tertiary" } }, /\(keyToRotate\)/],
    ["with a duration that is none", { outputs: { rotateAfter: "soon" } }, /\(rotateAfter\)/],
    ["without outputs", { resource: { outputs: {} } }, /it has no properties/],
  ])("state %s is told, with the reason", (_, rotation, reason) => {
    const status = statusOf(rotation);
    expect(status).toMatchObject({ status: "Unreadable", accountName: "account" });
    expect(status.problem).toMatch(reason);
    expect(isTrouble(status)).toBe(true);
  });

  test("whatever stands in state, it is told and nothing is thrown", () => {
    const anyProperties = fc.dictionary(
      fc.constantFrom(...ARGUMENT_NAMES, ...OUTPUT_NAMES, "foreign"),
      fc.oneof(fc.jsonValue(), fc.constantFrom("+275760-09-13T00:00:00.000Z", "P100Y", "2026")),
    );
    fc.assert(
      fc.property(anyProperties, anyProperties, (inputs, outputs) => {
        expect(statuses([exportedRotation({ inputs, outputs })])).toHaveLength(1);
      }),
    );
  });
});

describe("secrets", () => {
  const ALL_SETTINGS = {
    rotateAfter: "P90D",
    minimumOverlap: "P1D",
    revokePreviousAfter: "P7D",
    keyVaultSecret: { vaultUri: "https://v.vault.azure.net/", name: "key" },
  } as const;

  test("whatever a program has made secret, a rotation that is in order stays so", () => {
    const secret = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, encrypted()]));
    const names = fc.uniqueArray(fc.constantFrom(...ARGUMENT_NAMES, ...OUTPUT_NAMES));
    fc.assert(
      fc.property(names, fc.boolean(), (hidden, inInputs) => {
        const told = statusOf({
          settings: ALL_SETTINGS,
          inputs: inInputs ? secret(hidden) : {},
          outputs: { secretVersion: "1", ...secret(hidden) },
        });
        expect([told.status, told.problem]).toEqual(["OK", null]);
      }),
    );
  });

  test("they are named, and what follows from them is not known", () => {
    const settings = { rotateAfter: "P90D" };
    const outputs = { rotateAfter: encrypted(), currentKeyName: encrypted() };
    expect(statusOf({ settings, outputs }, { days: 100 })).toMatchObject({
      status: "OK",
      currentKeyName: null,
      currentKeyFingerprint: null,
      currentKeySince: null,
      nextRotationAt: null,
      secretProperties: ["rotateAfter", "currentKeyName"],
    });
  });

  test("a secret account is named by the resource's id, and a part of a value counts", () => {
    const keyVaultSecret = { vaultUri: encrypted(), name: "key" };
    const told = statusOf({
      settings: ALL_SETTINGS,
      inputs: { accountId: encrypted() },
      outputs: { secretVersion: "1", accountId: encrypted(), keyVaultSecret },
    });
    expect(told).toMatchObject({
      status: "OK",
      accountName: "account",
      resourceGroupName: "group",
    });
    expect(told.secretProperties).toEqual(["accountId", "keyVaultSecret"]);
  });

  test("a failed update stays unfinished, even where the rest is secret", () => {
    const told = statusOf({
      outputs: { keyToRotate: encrypted() },
      resource: { initErrors: ["it failed"] },
    });
    expect(told.status).toBe("Unfinished");
  });

  test("no key is told, not even from an export that has them in clear", () => {
    const keys = { currentKey: decrypted(KEY), previousKey: KEY, primaryKey: KEY };
    const strange = { secondaryKeyFingerprint: KEY, foreign: KEY };
    const initErrors = [`a key, ${KEY}, in a message`];
    const told = statuses([
      exportedRotation({ outputs: { ...keys, ...strange } }),
      exportedRotation({ name: "failed", outputs: keys, resource: { initErrors } }),
      exportedRotation({ name: "newer", outputs: { ...keys, verifyKey: KEY } }),
    ]);
    expect(told.map(({ status }) => status)).toEqual(["Unfinished", "Unreadable", "OK"]);
    expect(JSON.stringify(told)).not.toContain(KEY.slice(0, 20));
  });
});

test("the most urgent come first, and among those what is due first", () => {
  const due = (days: number) => ({ settings: { rotateAfter: `P${String(days)}D` } });
  const told = statuses(
    [
      exportedRotation({ name: "byversion" }),
      exportedRotation({ name: "later", ...due(60) }),
      exportedRotation({ name: "sooner", ...due(50) }),
      exportedRotation({ name: "late", ...due(39) }),
      exportedRotation({ name: "waiting", ...due(40) }),
      exportedRotation({ name: "verylate", ...due(30) }),
      exportedRotation({ name: "strange", outputs: { verifyKey: "Perhaps" } }),
      exportedRotation({ name: "halfway", resource: { initErrors: ["it failed"] } }),
    ],
    { days: 40.5, grace: "P1D" },
  );
  expect(told.map(({ accountName, status }) => `${status} ${accountName ?? ""}`)).toEqual([
    "Unfinished halfway",
    "Unreadable strange",
    "Overdue verylate",
    "Overdue late",
    "Due waiting",
    "OK sooner",
    "OK later",
    "OK byversion",
  ]);
});

test("the stack that version 0.1.0 made is in order", () => {
  const text = fs
    .readFileSync(path.join(__dirname, "../fixtures/stack-0.1.0.json"), "utf8")
    .replaceAll("{subscriptionId}", SUBSCRIPTION_ID);
  const told = rotationsOfStack(parseStackExport(text), { now: new Date("2026-12-01") });
  expect(told.map(({ accountName, status, problem }) => [accountName, status, problem])).toEqual(
    ["scheduled", "alpha", "beta", "adopted", "byversion"].map((name) => [name, "OK", null]),
  );
});
