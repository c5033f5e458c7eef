import * as path from "node:path";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";

/* SubscriptionKeyRotation under Pulumi's own engine; examples/subscription is tested beside it. */

jest.setTimeout(120_000);

let engine: EngineFixture;
let first: SimulatedAccount;
let second: SimulatedAccount;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "project") });
  first = engine.newAccount("first");
  second = engine.newAccount("second");
});
afterAll(() => engine.stop());

const COMPONENT = "SubscriptionKeyRotation";

async function up(args: object = {}, options: { expectFailure?: boolean } = {}) {
  const result = await engine.up({ component: COMPONENT, args }, options);
  for (const account of [first, second]) engine.rememberKeys(account);
  return result;
}

const version = (number: number) => ({ rotation: { version: number } });

/** The stack's outputs, secrets in clear. */
async function outputs(): Promise<{
  readonly rotated: string[];
  readonly skipped: object[];
  readonly rotations: Record<string, object>;
  readonly currentKeys: Record<string, string>;
}> {
  return (await engine.workspace.outputs({ showSecrets: true })) as never;
}

/** The names of the rotations in state, the component's own before each of them. */
async function children(): Promise<string[]> {
  const { deployment } = await engine.workspace.stackExport();
  const rotations = (deployment.resources ?? []).filter(({ type }) =>
    type.endsWith(":BatchAccountKeyRotation"),
  );
  return rotations.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2));
}

/** The component's outputs as the engine has them. */
async function registered(): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { deployment } = await engine.workspace.stackExport();
  return deployment.resources?.find(({ type }) => type.endsWith(`:${COMPONENT}`))?.outputs;
}

function regenerated(account: SimulatedAccount): string[] {
  return account.regenerations.map(({ keyName }) => keyName);
}

test("a preview shows every account that will be adopted, and changes none", async () => {
  await engine.arguments({ component: COMPONENT, args: {} });
  const { stdout } = await engine.workspace.preview({ diff: true });
  expect(stdout.match(/rotationReason\s*: "Adopted"/g)).toHaveLength(2);
  expect(stdout.match(/keyToRotate\s*: "None"/g)).toHaveLength(2);
  expect(first.regenerations).toEqual([]);
});

test("up adopts them, and shows how far each is, with the key to use as a secret", async () => {
  const { stdout } = await up();
  expect(await outputs()).toMatchObject({
    rotated: [first.id, second.id],
    skipped: [],
    rotations: {
      [first.id]: { currentKeyName: "Primary", generation: 0, keyVerification: "Skipped" },
    },
    currentKeys: { [first.id]: first.keys().primary, [second.id]: second.keys().primary },
  });
  expect([...regenerated(first), ...regenerated(second)]).toEqual([]);
  expect(await registered()).toMatchObject({
    rotations: { [first.id]: {} },
    currentKeys: { ciphertext: expect.any(String) as string },
  });
  const state = JSON.stringify(await engine.workspace.stackExport());
  expect(engine.secretsIn(stdout + state)).toBe(0);
});

test("a bump rotates each of them and leaves the keys that were held", async () => {
  const held = [first.keys().primary, second.keys().primary];
  const rotation = { version: 2, rotateAfter: "P90D" };
  await up({ rotation });
  const { rotations, currentKeys } = await outputs();
  expect(rotations[second.id]).toEqual({
    currentKeyName: "Secondary",
    generation: 1,
    keyVerification: "Verified",
    rotatedAt: expect.stringMatching(/Z$/) as string,
    nextRotationAt: expect.stringMatching(/Z$/) as string,
  });
  expect(currentKeys[first.id]).toBe(first.keys().secondary);
  expect([first.accepts(held[0] ?? ""), second.accepts(held[1] ?? "")]).toEqual([true, true]);
});

test("an account that one list leaves out loses nothing, then or when it is back", async () => {
  const { currentKeys } = await outputs();
  const before = second.keys();
  second.listed = false;
  const { stdout } = await up(version(2));
  expect(stdout).toContain("1 deleted");
  expect((await outputs()).rotated).toEqual([first.id]);
  second.listed = true;
  await up(version(2));
  expect((await outputs()).rotated).toEqual([first.id, second.id]);
  expect(second.keys()).toEqual(before);
  expect(second.accepts(currentKeys[second.id] ?? "")).toBe(true);
  expect(second.accepts((await outputs()).currentKeys[second.id] ?? "")).toBe(true);
});

test("an account that moves keeps its rotation, and every key", async () => {
  const names = await children();
  expect(names).toEqual(["jobs-first.westeurope", "jobs-second.westeurope"]);
  const { currentKeys, rotations } = await outputs();
  const [old, before] = [first.id, first.keys()];
  engine.simulator.moveAccount(old, { resourceGroupName: "elsewhere" });
  await up(version(2));
  expect((await children()).sort()).toEqual(names);
  expect((await outputs()).rotated).toEqual([first.id, second.id]);
  expect(first.keys()).toEqual(before);
  expect(first.accepts(currentKeys[old] ?? "")).toBe(true);
  const after = await outputs();
  expect(after.currentKeys[first.id]).toBe(currentKeys[old]);
  expect(after.rotations[first.id]).toEqual(rotations[old]);
});

test("an account that a changing list has twice, under two ids at that, is rotated once", async () => {
  const found = first.resource();
  const earlier = { ...found, id: found.id.replace("/elsewhere/", "/simulator/") };
  const body = JSON.stringify({ value: [found, earlier, second.resource(), found] });
  engine.simulator.inject({ operation: "list", fault: { kind: "Body", body } });
  const before = regenerated(first).length;
  await up(version(3));
  expect((await outputs()).rotated).toEqual([first.id, second.id]);
  expect(regenerated(first)).toHaveLength(before + 1);
});

test("an entry of the list without a location is named by its resource group, as all once were", async () => {
  const { location, ...found } = first.resource();
  expect(location).toBe("westeurope");
  const value = [found, { ...second.resource(), location: "West Europe" }];
  const body = JSON.stringify({ value });
  engine.simulator.inject({ operation: "list", fault: { kind: "Body", body } });
  const before = regenerated(first).length;
  await up(version(3));
  expect((await children()).sort()).toEqual(["jobs-elsewhere-first", "jobs-second.westeurope"]);
  expect(regenerated(first)).toHaveLength(before);
});

test("and has its own name back, by an alias and without a change, once it has a location", async () => {
  const { stdout } = await up(version(3));
  expect(stdout).toContain("4 unchanged");
  expect(stdout).not.toMatch(/created|deleted|replaced/);
  expect((await children()).sort()).toEqual(["jobs-first.westeurope", "jobs-second.westeurope"]);
});

test("another name of the component, with an alias, changes none of them", async () => {
  await engine.arguments({ component: COMPONENT, args: version(3), name: "renamed" });
  const { stdout } = await engine.workspace.up({ skipPreview: true });
  expect(stdout).toContain("4 unchanged");
  expect((await children()).sort()).toEqual([
    "renamed-first.westeurope",
    "renamed-second.westeurope",
  ]);
  await engine.arguments({ component: COMPONENT, args: version(3) });
});

test("what does not allow shared keys, or does not say so, is left alone and listed with the reason", async () => {
  const { simulator } = engine;
  const properties = { poolAllocationMode: "UserSubscription" };
  const entraOnly = simulator.createAccount({
    name: "entraonly",
    allowedAuthenticationModes: ["AAD"],
  });
  const silent = simulator.createAccount({
    name: "silent",
    allowedAuthenticationModes: null,
    properties,
  });
  const telling = simulator.createAccount({ name: "telling", properties });
  const old = simulator.createAccount({ name: "old", allowedAuthenticationModes: null });
  await up(version(3));
  const { rotated, skipped } = await outputs();
  expect(rotated).toEqual([first.id, second.id, telling, old]);
  expect(skipped).toEqual([
    {
      accountId: entraOnly,
      reason: "it does not allow shared keys (its allowedAuthenticationModes: AAD)",
    },
    {
      accountId: silent,
      reason:
        "it does not say that it allows shared keys, and its poolAllocationMode is UserSubscription",
    },
  ]);
  for (const id of [telling, old]) simulator.account(id).delete();
  await up(version(3));
});

test("an account that vanishes between list and rotation fails alone", async () => {
  const vanishing = engine.newAccount("vanishing");
  const delay = { kind: "Delay", milliseconds: 500, when: "BeforeEffect" } as const;
  engine.simulator.inject({ operation: "get", accountId: vanishing.id, fault: delay });
  const before = regenerated(first).length;
  await engine.arguments({ component: COMPONENT, args: version(4) });
  const command = engine.workspace.pulumi(
    ["up", "--yes", "--skip-preview", "--continue-on-error"],
    { expectFailure: true },
  );
  while (engine.simulator.requests.every(({ accountId }) => accountId !== vanishing.id)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  vanishing.delete();
  expect((await command).stdout).toContain('Batch account "vanishing"');
  expect(regenerated(first)).toHaveLength(before + 1);
  // What depends on the rotation that failed is absent; the component itself has not failed.
  expect(Object.keys((await registered()) ?? {}).sort()).toEqual(["rotated", "skipped"]);
  // The next list does not have it any more.
  await up(version(4));
  expect(regenerated(first)).toHaveLength(before + 1);
});

describe("with keyVaultSecret", () => {
  const rotation = () => ({ version: 4, keyVaultSecret: { vaultUri: vault().uri } });
  const vault = () => engine.simulator.vault("vault");

  test("each account has a secret of its own, and no key is an output", async () => {
    engine.simulator.createVault({ name: "vault" });
    const { currentKeys: before } = await outputs();
    await up({ rotation: rotation() });
    const { rotations, currentKeys } = await outputs();
    expect(currentKeys).toEqual({});
    for (const account of [first, second]) {
      const name = `${account.name}-key`;
      expect(vault().secretValue(name)).toBe(before[account.id]);
      expect(rotations[account.id]).toMatchObject({ secretUri: `${vault().uri}secrets/${name}` });
    }
  });

  test.each([{}, { asOutputs: true }])(
    "one secret for all of them is refused (%j)",
    async (how) => {
      const { keyVaultSecret, ...others } = rotation();
      const args = {
        rotation: { ...others, keyVaultSecret: { ...keyVaultSecret, name: "shared" } },
      };
      await engine.arguments({ component: COMPONENT, args, ...how });
      const { stdout } = await engine.workspace.preview({ expectFailure: true });
      const [, diagnostics = ""] = stdout.split("Diagnostics:");
      expect(diagnostics.match(/takes no name in keyVaultSecret: it would be one/g)).toHaveLength(
        1,
      );
      expect(diagnostics).not.toContain("unhandled exception");
    },
  );

  test("and without it again the keys are back", async () => {
    await up(version(4));
    const { currentKeys, rotations } = await outputs();
    expect(first.accepts(currentKeys[first.id] ?? "")).toBe(true);
    expect(rotations[first.id]).not.toHaveProperty("secretUri");
  });
});

test.each([
  ["a select that throws", { select: "throws" }, /select failed on Batch account .*no tags on/],
  ["a subscription id that is none", { subscriptionId: "mine" }, /a subscription id is a GUID/],
  [
    "revokeOnDelete",
    { rotation: { version: 5, revokeOnDelete: true } },
    /takes no revokeOnDelete: an account that a list leaves out once would lose both keys\. Leave it out here/,
  ],
])("%s fails before anything changes, and says where", async (_, args, message) => {
  const before = regenerated(first).length;
  const { stdout, stderr } = await up(args, { expectFailure: true });
  const [, diagnostics = ""] = (stdout + stderr).split("Diagnostics:");
  expect(diagnostics.match(new RegExp(message, "g"))).toHaveLength(1);
  expect(diagnostics).not.toContain("unhandled exception");
  expect(await children()).toHaveLength(2);
  expect(regenerated(first)).toHaveLength(before);
});
