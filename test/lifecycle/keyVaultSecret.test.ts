import { fingerprint } from "../../provider/rotation/outputs";
import type { RotationOutputs } from "../../provider/rotation/properties";
import type { SimulatedAccount, SimulatedVault } from "../../simulator";
import { documentedRows, expectDocumented } from "../support/documentedErrors";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";
import { StatefulEngine } from "../support/statefulEngine";

/* keyVaultSecret: the current key goes to a Key Vault secret, and no key to state. */

let world: SimulatedWorld;
let engine: StatefulEngine;
let accountId: string;
let account: SimulatedAccount;
let vault: SimulatedVault;

const SECRET = "rotated-key";

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount());
  ({ engine } = world);
  vault = world.simulator.createVault({ name: "vault" });
});

afterEach(() => world.simulator.close());

function outputs(): RotationOutputs {
  return engine.state?.outputs as unknown as RotationOutputs;
}

function up(args: object = {}) {
  return engine.up({ accountId, keyVaultSecret: { vaultUri: vault.uri }, ...args });
}

/** As the next command has it: it knows what state says, and nothing else. */
function newProcess(state?: typeof engine.state): void {
  world.engine.state = state; // what the engine tells of the stack
  engine = new StatefulEngine(world.newProcess());
  engine.state = state;
}

function newest() {
  return vault.secretVersions(SECRET).at(-1);
}

/** No key that the account ever had is in state. */
function expectNoKeyInState(...keys: string[]): void {
  const state = JSON.stringify(engine.state);
  for (const key of [account.keys().primary, account.keys().secondary, ...keys]) {
    expect(state).not.toContain(key);
  }
}

function letAWeekPass(): void {
  const { state } = engine;
  const rotationDecidedAt = new Date(world.now.getTime() - 8 * 86_400_000).toISOString();
  for (const each of [state?.inputs, state?.outputs]) {
    Object.assign(each ?? {}, { rotationDecidedAt });
  }
}

/** The rows of docs/errors.md that a test below has given to the package. */
const documented = new Set<string>();

/** No key was regenerated, and the documents give the same advice as the message. */
async function expectRefused(row: string, args: object, reason: RegExp): Promise<void> {
  documented.add(row);
  const { length } = account.regenerations;
  let message = "";
  await up(args).catch((error: unknown) => {
    ({ message } = error as Error);
  });
  expect(message).toMatch(reason);
  expect(account.regenerations).toHaveLength(length);
  expectDocumented(row, message);
}

function failWrites(times = 1) {
  return world.simulator.inject({
    operation: "setVaultSecret",
    times,
    fault: { kind: "Error", status: 400, code: "BadParameter" },
  });
}

test("a create writes the new key to the secret, with the tags of Azure's tutorial", async () => {
  await up({ rotateAfter: "P90D" });
  expect(newest()).toMatchObject({
    value: account.keys().secondary,
    contentType: "Azure Batch account key",
    attributes: { enabled: true },
    tags: {
      CredentialId: "Secondary",
      ProviderAddress: accountId,
      ValidityPeriodDays: "90",
      Generation: "1",
    },
  });
  expect(outputs()).toMatchObject({
    keyVaultSecret: { vaultUri: vault.uri, name: SECRET },
    secretUri: `${vault.uri}secrets/${SECRET}`,
    secretVersion: newest()?.version,
    currentKeyName: "Secondary",
    secondaryKeyFingerprint: fingerprint(account.keys().secondary),
    keyVerification: "Verified",
  });
  for (const name of ["primaryKey", "secondaryKey", "currentKey", "previousKey"]) {
    expect(outputs()).not.toHaveProperty(name);
  }
  expectNoKeyInState();
});

test("a rotation costs one write of the vault, and the version before it still works", async () => {
  await up();
  const before = newest()?.value ?? "";
  const requests = await requestsOf(world, () => up({ version: 2 }));
  expect(requests.filter((operation) => operation === "setVaultSecret")).toHaveLength(1);
  expect(vault.secretVersions(SECRET)).toHaveLength(2);
  expect(newest()).toMatchObject({
    value: account.keys().primary,
    tags: { CredentialId: "Primary", Generation: "2" },
  });
  expect(account.accepts(before)).toBe(true);
  expectNoKeyInState(before);
  expect(await requestsOf(world, () => up({ version: 2 }))).toEqual([]);
});

test("a write that fails a hundred times costs nothing: the newest version works, and nothing is regenerated twice", async () => {
  await up();
  const faults = failWrites(100);
  for (let tries = 0; tries < 100; tries += 1) {
    await expect(up({ version: 2 })).rejects.toThrow(/could not write secret "rotated-key"/);
    expect(account.accepts(newest()?.value ?? "")).toBe(true);
  }
  faults.remove();
  expect(outputs()).not.toHaveProperty("secretVersion");
  expectNoKeyInState();
  await up({ version: 2 });
  expect(account.regenerations).toHaveLength(2);
  expect(newest()).toMatchObject({ value: account.keys().primary, tags: { Generation: "2" } });
  expect(outputs()).toMatchObject({ secretVersion: newest()?.version, generation: 2 });
});

test("a write whose answer was lost is not repeated by the next update", async () => {
  await up();
  world.simulator.inject({
    operation: "setVaultSecret",
    times: 10,
    fault: { kind: "Drop", when: "AfterEffect" },
  });
  await expect(up({ version: 2 })).rejects.toThrow(/could not write secret/);
  const written = vault.secretVersions(SECRET).length;
  await up({ version: 2 });
  expect(vault.secretVersions(SECRET)).toHaveLength(written);
  expect(account.regenerations).toHaveLength(2);
});

describe("the vault is the record", () => {
  test("state that was lost goes on from it: the key in use lives", async () => {
    await up();
    await up({ version: 2 }); // Primary is in use
    const inUse = newest()?.value ?? "";
    newProcess();
    await up({ version: 2 });
    expect(account.accepts(inUse)).toBe(true);
    expect(newest()).toMatchObject({ value: account.keys().secondary });
  });

  test("where the create would regenerate the key in use, it takes it over", async () => {
    await up(); // Secondary is in use, and a create would regenerate that
    const inUse = newest()?.value ?? "";
    newProcess();
    await up();
    expect(account.regenerations).toHaveLength(1);
    expect(account.accepts(inUse)).toBe(true);
    expect(outputs()).toMatchObject({ currentKeyName: "Secondary", generation: 1 });
  });

  test("an adopted account whose secret names another key than liveKey is refused", async () => {
    await up();
    newProcess();
    await expectRefused(
      "liveKey: adopted",
      { rotateOnCreate: false },
      /holds the Secondary key, but/,
    );
    await up({ rotateOnCreate: false, liveKey: "Secondary" });
    expect(account.regenerations).toHaveLength(1);
  });

  test("a create whose liveKey is another than the secret names is refused", async () => {
    await up();
    await up({ version: 2 }); // Primary is in use
    newProcess();
    const reason = /holds the Primary key \(generation 2\), but liveKey is "Secondary": nothing/;
    await expectRefused("liveKey: created", { liveKey: "Secondary" }, reason);
  });

  test("an update that was killed after its write is finished without another rotation", async () => {
    await up();
    const { state } = engine;
    await up({ version: 2 });
    newProcess(state);
    await up({ version: 2 });
    expect(account.regenerations).toHaveLength(2);
    expect(outputs()).toMatchObject({ generation: 2, currentKeyName: "Primary" });
  });

  test("a stack whose state is out of date does not regenerate the key in use", async () => {
    await up();
    const { state } = engine;
    await up({ version: 2 });
    newProcess(state);
    const reason = /holds the Primary key \(generation 2\), which this stack would.*out of date/;
    await expectRefused("out of date", { version: 3 }, reason);
    expect(account.accepts(newest()?.value ?? "")).toBe(true);
    expect(account.regenerations).toHaveLength(2);
  });

  test.each([
    ["without tags", () => ({}), /\(it has no tag ProviderAddress\): nothing was changed/],
    [
      "another account's",
      () => ({ CredentialId: "Primary", ProviderAddress: "/subscriptions/other" }),
      /\(its tag ProviderAddress is "\/subscriptions\/other"\)/,
    ],
    [
      "of no key",
      () => ({ CredentialId: "password", ProviderAddress: accountId }),
      /\(its tag CredentialId is neither Primary nor Secondary\)/,
    ],
  ])("a secret of that name that is %s is refused, not overwritten", async (_, tags, reason) => {
    vault.putSecret(SECRET, "theirs", { tags: tags() });
    await expectRefused("not this account's", {}, reason);
    expect(vault.secretValue(SECRET)).toBe("theirs");
  });

  test("a deleted secret is recovered, and goes on", async () => {
    await up();
    const inUse = newest()?.value ?? "";
    vault.deleteSecret(SECRET);
    await up({ version: 2 });
    expect(vault.secretState(SECRET)).toBe("Active");
    expect(newest()).toMatchObject({ value: account.keys().primary });
    expect(account.accepts(inUse)).toBe(true);
  });
});

describe("the key's place", () => {
  test("changes from state to a secret without a rotation, and the keys leave state", async () => {
    await up({ keyVaultSecret: undefined });
    const { currentKey = "" } = outputs();
    await up();
    expect(newest()?.value).toBe(currentKey);
    expect(account.regenerations).toHaveLength(1);
    expectNoKeyInState();
  });

  test("changes from a secret to state without a rotation", async () => {
    await up();
    await up({ keyVaultSecret: undefined });
    expect(account.regenerations).toHaveLength(1);
    expect(outputs()).toMatchObject({ currentKey: account.keys().secondary });
    expect(outputs()).not.toHaveProperty("secretUri");
  });

  test("stays as it was where the secret cannot be written", async () => {
    await up({ keyVaultSecret: undefined });
    const faults = failWrites(10);
    await expect(up()).rejects.toThrow(/could not write secret/);
    faults.remove();
    expect(outputs()).toMatchObject({ currentKey: account.keys().secondary });
    await up();
    expectNoKeyInState();
  });
});

describe("a refresh", () => {
  test.each([
    [
      "has a newest version that was disabled outside",
      () => void vault.updateSecret(SECRET, { attributes: { enabled: false } }),
    ],
    [
      "was deleted outside",
      () => {
        vault.deleteSecret(SECRET);
      },
    ],
    [
      "has a newer version, which this stack has not written. Next",
      () => void vault.putSecret(SECRET, "theirs", { tags: { ...newest()?.tags } }),
    ],
  ])("tells that the secret %s, and the next update writes the key again", async (what, change) => {
    await up();
    change();
    await engine.refresh();
    expect(world.told.join("\n")).toContain(what);
    await up();
    expect(newest()).toMatchObject({ value: account.keys().secondary });
    expect(newest()?.attributes.enabled).toBe(true);
    expect(account.regenerations).toHaveLength(1);
    expectNoKeyInState();
  });

  test("tells of a newer version that is somebody else's, which no update overwrites", async () => {
    await up();
    vault.putSecret(SECRET, "theirs");
    await engine.refresh();
    expect(world.told.join("\n")).toMatch(/newer version.*Next: give keyVaultSecret another name/);
    await expect(up()).rejects.toThrow(/not overwritten/);
    expect(vault.secretValue(SECRET)).toBe("theirs");
    await up({ keyVaultSecret: { vaultUri: vault.uri, name: "another" } });
    expect(vault.secretValue("another")).toBe(account.keys().secondary);
    expect(account.regenerations).toHaveLength(1);
  });

  test("of what nobody has changed is no reason for an update", async () => {
    await up();
    await engine.refresh();
    expect(await requestsOf(world, () => up())).toEqual([]);
  });
});

test("revokeOnDelete disables the secret's newest version", async () => {
  await up({ revokeOnDelete: true });
  newProcess(engine.state);
  await engine.destroy();
  expect(newest()?.attributes.enabled).toBe(false);
  expect(account.accepts(newest()?.value ?? "")).toBe(false);
});

test("destroy leaves the secret as it is otherwise", async () => {
  await up();
  newProcess(engine.state);
  await engine.destroy();
  expect(newest()?.attributes.enabled).toBe(true);
  expect(account.accepts(newest()?.value ?? "")).toBe(true);
});

test("revokePreviousAfter disables the version that held the revoked key", async () => {
  await up();
  await up({ version: 2 });
  letAWeekPass();
  await up({ version: 2, revokePreviousAfter: "P7D" });
  const versions = vault.secretVersions(SECRET);
  expect(versions.map(({ attributes }) => attributes.enabled)).toEqual([false, true]);
  expect(versions.map(({ value }) => account.accepts(value))).toEqual([false, true]);
  expectNoKeyInState();
});

test("an update that gives the key to another secret revokes nothing yet", async () => {
  await up();
  const held = account.keys().primary;
  letAWeekPass();
  const elsewhere = {
    keyVaultSecret: { vaultUri: vault.uri, name: "other" },
    revokePreviousAfter: "P7D",
  };
  await expectRefused("not revoked", elsewhere, /^the previous key was not revoked yet: this/);
  expect(vault.secretValue("other")).toBe(account.keys().secondary);
  expect(account.accepts(held)).toBe(true);
  expect(outputs()).toMatchObject({
    secretUri: `${vault.uri}secrets/other`,
    secretVersion: vault.secretVersions("other").at(-1)?.version,
  });
  expect(outputs()).not.toHaveProperty("keyToRevoke");
  await up(elsewhere);
  expect(account.accepts(held)).toBe(false);
  expect(outputs()).toMatchObject({ keyToRevoke: "Primary" });
});

test("nor does one that moves the key from a secret into state, or back", async () => {
  await up();
  letAWeekPass();
  for (const keyVaultSecret of [undefined, { vaultUri: vault.uri }]) {
    const args = { keyVaultSecret, revokePreviousAfter: "P7D" };
    await expect(up(args)).rejects.toThrow(/not revoked yet/);
    expect(outputs()).toMatchObject(
      keyVaultSecret === undefined ? { currentKey: account.keys().secondary } : { keyVaultSecret },
    );
  }
  const left = account.keys().primary;
  await up({ revokePreviousAfter: "P7D" });
  expect(account.accepts(left)).toBe(false);
  expectNoKeyInState(left);
});

describe("what cannot be had is refused before anything changes", () => {
  test.each([
    ["a vault URI that is http", { vaultUri: "http://vault.example/" }, /^vaultUri .*https URL/],
    ["a vault URI with a path", { vaultUri: "https://vault.example/a" }, /^vaultUri .*https URL/],
    ["no vault URI", {}, /^vaultUri is missing/],
    ["a name of another form", { vaultUri: "https://v.example/", name: "a_b" }, /^name "a_b"/],
    ["a text", "https://vault.example/", /is not a Key Vault secret: give its vaultUri/],
  ])("%s", async (_, keyVaultSecret, reason) => {
    const { failures } = await world.lifecycle.check({}, { accountId, keyVaultSecret });
    expect(failures).toEqual([
      { property: "keyVaultSecret", reason: expect.stringMatching(reason) as string },
    ]);
  });

  test("a vault for which the identity has no role", async () => {
    vault.deniedActions.add("Microsoft.KeyVault/vaults/secrets/*");
    await expect(up()).rejects.toThrow(/Key Vault Secrets Officer/);
    expect(account.regenerations).toHaveLength(0);
  });
});

test("each row of the documents was tested above", () => {
  expect(new Set(documentedRows("What the secret says").keys())).toEqual(documented);
});
