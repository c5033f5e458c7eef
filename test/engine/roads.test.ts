import * as path from "node:path";
import type { SimulatedAccount } from "../../simulator";
import type { CommandResult } from "../../tools/workspace/command";
import { EngineFixture } from "../support/engineFixture";

/*
 * The roads on which Pulumi's engine makes a resource anew, under the engine itself. After each, the
 * data plane is the judge: the key that was held before works, and so does the one handed out.
 */

jest.setTimeout(180_000);

let engine: EngineFixture;

beforeAll(async () => {
  const preload = require.resolve("../support/shortSettlingTime.cjs");
  engine = await EngineFixture.start({
    project: path.join(__dirname, "roads"),
    environment: { NODE_OPTIONS: `--require ${preload}` },
  });
});
afterAll(() => engine.stop());
afterEach(async () => {
  await engine.workspace.destroy();
});

const TYPE = "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation";

function urn(name: string, type = TYPE): string {
  return `urn:pulumi:${engine.workspace.stack}::roads::${type}::${name}`;
}

async function up(rotations: object, flags: readonly string[] = []): Promise<CommandResult> {
  await engine.arguments({ rotations });
  return engine.keep(engine.workspace.pulumi(["up", "--yes", "--skip-preview", ...flags]));
}

async function preview(rotations: object, flags: readonly string[] = []): Promise<string> {
  await engine.arguments({ rotations });
  return (await engine.keep(engine.workspace.pulumi(["preview", "--diff", ...flags]))).stdout;
}

async function currentKey(name: string): Promise<string> {
  const outputs = await engine.workspace.outputs({ showSecrets: true });
  return (outputs["currentKeys"] as Record<string, string>)[name] ?? "";
}

/** A rotation of a new account, whose current key is the Secondary one: not liveKey's default. */
async function rotated(name: string): Promise<{ account: SimulatedAccount; held: string }> {
  const account = engine.newAccount(name);
  await up({ keys: { args: { accountId: account.id } } });
  const held = await currentKey("keys");
  expect(held).toBe(account.keys().secondary);
  return { account, held };
}

async function decision(name = "keys"): Promise<unknown> {
  const outputs = await engine.workspace.outputs();
  return (outputs["decisions"] as Record<string, unknown>)[name];
}

const REPLACED = { generation: 2, keyToRotate: "Primary", rotationReason: "Replaced" };

/** The key that was held works, the new one too, and one key has changed, once. */
async function expectRotatedOnce(account: SimulatedAccount, held: string): Promise<void> {
  expect(account.accepts(held)).toBe(true);
  expect(account.accepts(await currentKey("keys"))).toBe(true);
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
}

describe("a replacement goes on from the key in use:", () => {
  test("pulumi state taint", async () => {
    const { account, held } = await rotated("tainted");
    const rotations = { keys: { args: { accountId: account.id } } };
    await engine.workspace.pulumi(["state", "taint", urn("keys"), "--yes"]);
    const shown = await preview(rotations);
    expect(shown).toMatch(/rotationReason\s*: .*"Replaced"/);
    expect(shown).toMatch(/keyToRotate\s*: .*"Primary"/);
    await up(rotations);
    expect(await decision()).toEqual(REPLACED);
    await expectRotatedOnce(account, held);
  });

  test("--replace", async () => {
    const { account, held } = await rotated("replaced");
    const rotations = { keys: { args: { accountId: account.id } } };
    expect(await preview(rotations, ["--replace", urn("keys")])).toContain('"Replaced"');
    await up(rotations, ["--replace", urn("keys")]);
    expect(await decision()).toEqual(REPLACED);
    await expectRotatedOnce(account, held);
  });

  test("replacementTrigger and replaceWith, of several resources at once", async () => {
    const accounts = ["alpha", "beta", "gamma"].map((name) => engine.newAccount(name));
    const [alpha, beta, gamma] = accounts as [SimulatedAccount, SimulatedAccount, SimulatedAccount];
    const rotations = (replacementTrigger: number) => ({
      alpha: { args: { accountId: alpha.id }, replacementTrigger },
      beta: { args: { accountId: beta.id }, replacementTrigger },
      gamma: { args: { accountId: gamma.id }, replaceWith: "alpha" },
    });
    await up(rotations(1));
    const held = await Promise.all(accounts.map(({ name }) => currentKey(name)));
    expect((await preview(rotations(2))).match(/"Created" => "Replaced"/g)).toHaveLength(6);
    await up(rotations(2));
    for (const [index, account] of accounts.entries()) {
      expect(await decision(account.name)).toEqual(REPLACED);
      expect(account.accepts(held[index] ?? "")).toBe(true);
      expect(account.accepts(await currentKey(account.name))).toBe(true);
      expect(account.regenerations).toHaveLength(2);
    }
  });

  test("a replacement that failed at first, with the account locked", async () => {
    const { account, held } = await rotated("locked");
    const rotations = { keys: { args: { accountId: account.id } } };
    await engine.workspace.pulumi(["state", "taint", urn("keys"), "--yes"]);
    account.locked = true;
    await expect(up(rotations)).rejects.toThrow("remove the ReadOnly lock");
    account.locked = false;
    await up(rotations);
    expect(await decision()).toEqual(REPLACED);
    await expectRotatedOnce(account, held);
  });

  test("deleteBeforeReplace, with revokeOnDelete, which a replacement does not set off", async () => {
    const account = engine.newAccount("deletedfirst");
    const rotations = (replacementTrigger: number) => ({
      keys: {
        args: { accountId: account.id, revokeOnDelete: true },
        deleteBeforeReplace: true,
        replacementTrigger,
      },
    });
    await up(rotations(1));
    const held = await currentKey("keys");
    const { stdout } = await up(rotations(2));
    expect(stdout).toMatch(/keys of Batch account "deletedfirst" were not revoked/);
    await expectRotatedOnce(account, held);
  });

  test("minimumOverlap, which holds a replacement up", async () => {
    const account = engine.newAccount("overlapping");
    const args = { accountId: account.id, minimumOverlap: "P7D" };
    await up({ keys: { args } });
    const before = account.keys();
    await engine.workspace.pulumi(["state", "taint", urn("keys"), "--yes"]);
    await expect(preview({ keys: { args } })).rejects.toThrow(/pulumi state untaint/);
    await expect(up({ keys: { args } })).rejects.toThrow(/7 days left|6 days, 23 hours left/);
    expect(account.keys()).toEqual(before);
    await engine.workspace.pulumi(["state", "untaint", urn("keys"), "--yes"]);
    expect((await up({ keys: { args } })).stdout).toContain("2 unchanged");
  });

  test("a preview of a replacement, after which the program is another", async () => {
    const { account, held } = await rotated("previewed");
    const rotations = { keys: { args: { accountId: account.id } } };
    await preview(rotations, ["--replace", urn("keys")]);
    expect((await up(rotations)).stdout).toContain("2 unchanged");
    const other = engine.newAccount("other");
    await up({ keys: { args: { accountId: other.id } } });
    expect(await decision()).toMatchObject({ generation: 1, rotationReason: "Created" });
    expect(account.accepts(held)).toBe(true);
    expect(account.regenerations).toHaveLength(1);
  });
});

test("what a rename has left over, protected, does not speak for the key in use", async () => {
  const account = engine.newAccount("leftover");
  const keys = (version: number) => ({ args: { accountId: account.id, version } });
  await up({ aold: { ...keys(1), protect: true } });
  // The new one is made; the old one cannot be deleted, and stays.
  await expect(up({ keys: keys(1) })).rejects.toThrow(/protect/);
  await expect(up({ keys: keys(2) })).rejects.toThrow(/protect/);
  const held = await currentKey("keys");
  expect(held).toBe(account.keys().primary);

  await engine.workspace.pulumi(["state", "unprotect", urn("aold"), "--yes"]);
  await engine.workspace.pulumi(["state", "taint", urn("keys"), "--yes"]);
  await up({ keys: keys(2) });
  expect(await decision()).toEqual({
    generation: 3,
    keyToRotate: "Secondary",
    rotationReason: "Replaced",
  });
  expect(account.accepts(held)).toBe(true);
  expect(account.accepts(await currentKey("keys"))).toBe(true);
});

test("a rotation that is deleted first, as its account's id is made anew, revokes nothing", async () => {
  const account = engine.newAccount("dependent");
  const rotations = (trigger: number) => ({
    keys: { args: { revokeOnDelete: true }, accountIdOf: { account: account.id, trigger } },
  });
  await up(rotations(1));
  const held = await currentKey("keys");
  await up(rotations(2));
  expect(await decision()).toEqual(REPLACED);
  await expectRotatedOnce(account, held);
});

describe("no key is regenerated", () => {
  test("for another name without an alias, and what is deleted under the old one revokes nothing", async () => {
    const account = engine.newAccount("renamed");
    const args = { accountId: account.id, revokeOnDelete: true };
    await up({ keys: { args } });
    const held = await currentKey("keys");
    expect(await preview({ rotation: { args } })).toMatch(/rotationReason\s*: "Moved"/);
    await up({ rotation: { args } });
    expect(await currentKey("rotation")).toBe(held);
    expect(account.accepts(held)).toBe(true);
    expect(account.regenerations).toHaveLength(1);
  });

  test.each([
    ["an update", { version: 2 }, 2],
    ["a create", {}, 1],
  ])("twice by %s that an onError hook retries", async (what, change, regenerations) => {
    const account = engine.newAccount(`retried${String(regenerations)}`);
    const args = { accountId: account.id, verifyKey: "Required" };
    if (what === "an update") await up({ keys: { args } });
    account.dataPlane = "Unreachable";
    const failing = { keys: { args: { ...args, ...change }, retries: 2 } };
    await expect(up(failing)).rejects.toThrow(/retrying (update|create) .*2\/100/);
    expect(account.regenerations).toHaveLength(regenerations);
    account.dataPlane = "Available";
    if (what === "a create") return;
    const held = await currentKey("keys");
    expect(account.accepts(held)).toBe(true);
    await up(failing);
    await expectRotatedOnce(account, held);
  });

  const INPUTS = [
    ..."accountId subscriptionId resourceGroupName accountName version rotate liveKey".split(" "),
    ..."rotateOnCreate rotateAfter minimumOverlap verifyKey revokeOnDelete".split(" "),
    ..."configNamespace generation keyToRotate rotationReason rotationDecidedAt".split(" "),
  ];

  test("by a program that ignores changes, of everything or of any property", async () => {
    const ignored = ["*", ...INPUTS];
    const accounts = ignored.map((_, index) => engine.newAccount(`ignoring${String(index)}`));
    const rotations = (ignore: boolean) =>
      Object.fromEntries(
        ignored.map((name, index) => [
          `keys${String(index)}`,
          {
            args: { accountId: accounts[index]?.id, rotateAfter: "P90D", minimumOverlap: "P7D" },
            ...(ignore ? { ignoreChanges: [name] } : {}),
          },
        ]),
      );
    await up(rotations(false));
    expect(await preview(rotations(true))).toContain(`${String(ignored.length + 1)} unchanged`);
    const { stdout } = await up(rotations(true));
    expect(stdout).toContain(`${String(ignored.length + 1)} unchanged`);
    for (const account of accounts) expect(account.regenerations).toHaveLength(1);
  });

  test("where an alias leads to a resource of another kind, which is refused by name", async () => {
    const account = engine.newAccount("astray");
    await engine.arguments({ foreign: "astray" });
    await engine.workspace.up({ skipPreview: true });
    const aliases = [{ name: "astray", type: "pulumi-nodejs:dynamic:Resource" }];
    const rotations = { keys: { args: { accountId: account.id }, aliases } };
    const refusal = /not that of a BatchAccountKeyRotation: it has the properties colour/;
    const requests = await engine.requestsOf(async () => {
      await expect(preview(rotations)).rejects.toThrow(refusal);
      await expect(up(rotations)).rejects.toThrow(refusal);
    });
    expect(requests).toEqual([]);
    const { deployment } = await engine.workspace.stackExport();
    expect(deployment.resources?.map(({ urn: each }) => each)).toContain(
      urn("astray", "pulumi-nodejs:dynamic:Resource"),
    );
  });
});

describe("an account that has moved", () => {
  test("keeps key, generation and schedule, and the preview says so", async () => {
    const account = engine.newAccount("moving");
    const rotations = () => ({ keys: { args: { accountId: account.id, rotateAfter: "P90D" } } });
    await up(rotations());
    const held = await currentKey("keys");
    const before = await engine.resource();
    engine.simulator.moveAccount(account.id, { resourceGroupName: "elsewhere" });
    expect(await preview(rotations())).toMatch(/rotationReason\s*: "Created" => "Moved"/);
    await up(rotations());
    expect(await decision()).toEqual({
      generation: 1,
      keyToRotate: "Secondary",
      rotationReason: "Moved",
    });
    const { outputs: was = {} } = before ?? {};
    expect((await engine.resource())?.outputs).toMatchObject({
      rotationDecidedAt: was["rotationDecidedAt"],
      rotatedAt: was["rotatedAt"],
      nextRotationAt: was["nextRotationAt"],
    });
    expect(await currentKey("keys")).toBe(held);
    expect(account.accepts(held)).toBe(true);
    expect(account.regenerations).toHaveLength(1);

    await up({ keys: { args: { accountId: account.id, version: 2 } } });
    await expectRotatedOnce(account, held);
  });

  test("stays in state at refresh, and is not taken for revoked when it is destroyed", async () => {
    const account = engine.newAccount("wandering");
    engine.newAccount("neighbour");
    const args = () => ({ keys: { args: { accountId: account.id, revokeOnDelete: true } } });
    await up(args());
    const held = await currentKey("keys");
    engine.simulator.moveAccount(account.id, { resourceGroupName: "elsewhere" });
    const { stdout } = await engine.keep(engine.workspace.refresh());
    expect(stdout).toMatch(/"wandering" has moved from .* to .*elsewhere/);
    expect(await engine.resource()).toBeDefined();
    await expect(engine.workspace.destroy()).rejects.toThrow(/has moved .* its keys still work/);
    expect(account.accepts(held)).toBe(true);

    await up(args());
    expect(await currentKey("keys")).toBe(held);
    expect(account.regenerations).toHaveLength(1);
    await engine.workspace.destroy();
    expect(account.accepts(held)).toBe(false);
  });
});

test("a 404 that is not the account's leaves it in state, and the next update rotates nothing", async () => {
  const { account, held } = await rotated("present");
  const rotations = { keys: { args: { accountId: account.id } } };
  for (const code of ["InvalidResourceType", "NoRegisteredProviderFound", "SubscriptionNotFound"]) {
    const fault = { kind: "Error", status: 404, code } as const;
    engine.simulator.inject({ operation: "listKeys", fault });
    await expect(engine.workspace.refresh()).rejects.toThrow(code);
  }
  expect((await up(rotations)).stdout).toContain("2 unchanged");
  expect(account.accepts(held)).toBe(true);
  expect(account.regenerations).toHaveLength(1);
});

test.each([
  ["after", 403],
  ["before", 200],
] as const)(
  "a page that a gateway gives in Azure's place, %s the key has changed, costs no key and no second rotation",
  async (when, status) => {
    const { account, held } = await rotated(`behindagateway${when}`);
    const headers = { "Content-Type": "text/html", Server: "gateway" };
    const moment = when === "after" ? "AfterEffect" : "BeforeEffect";
    engine.simulator.inject({
      operation: "regenerateKeys",
      accountId: account.id,
      fault: { kind: "Body", body: "<html>", status, headers, when: moment },
    });
    const { stdout } = await up({ keys: { args: { accountId: account.id, version: 2 } } });
    expect(stdout).toContain("no usable answer to the request to regenerate the Primary key");
    await expectRotatedOnce(account, held);
  },
);

describe("a plan", () => {
  const plan = (): string => path.join(engine.workspace.projectFolder, "plan.json");

  test("of a rotation by version is carried out", async () => {
    const { account, held } = await rotated("planned");
    const rotations = { keys: { args: { accountId: account.id, version: 2 } } };
    expect(await preview(rotations, ["--save-plan", plan()])).toContain('=> "VersionChanged"');
    await up(rotations, ["--plan", plan()]);
    await expectRotatedOnce(account, held);
  });

  test("of a rotation that is created is carried out", async () => {
    const account = engine.newAccount("plannedanew");
    const rotations = { keys: { args: { accountId: account.id } } };
    await preview(rotations, ["--save-plan", plan()]);
    await up(rotations, ["--plan", plan()]);
    expect(account.regenerations).toHaveLength(1);
  });

  test("refuses a schedule that falls due after it was made", async () => {
    const account = engine.newAccount("duelater");
    const rotations = { keys: { args: { accountId: account.id, rotateAfter: "PT5S" } } };
    await up(rotations);
    const [resource] = [await engine.resource()];
    const due = Date.parse(String(resource?.outputs?.["nextRotationAt"]));
    await preview(rotations, ["--save-plan", plan()]);
    // What was planned was no rotation, or else this test tells nothing.
    expect(Date.now()).toBeLessThan(due);
    await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
    await expect(up(rotations, ["--plan", plan()])).rejects.toThrow(/violates plan/);
    expect(account.regenerations).toHaveLength(1);
  });
});
