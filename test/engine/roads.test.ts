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
  engine = await EngineFixture.start({ project: path.join(__dirname, "roads") });
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
});
