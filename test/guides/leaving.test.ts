import * as fs from "node:fs/promises";
import * as path from "node:path";
import { PACKAGE_NAME } from "../../dev/workspace/packedPackage";
import type { SimulatedAccount } from "../../simulator";
import { runInProject } from "../examples/exampleStack";
import { commandsIn, read } from "../package/documents";
import { guideStack, programsUnder } from "./guideStack";

/* docs/guides/upgrade-and-remove.md: a rotation goes, and its package, and no key with them. */

jest.setTimeout(180_000);

const GUIDE = "docs/guides/upgrade-and-remove.md";
const KEY = "BATCH_ACCOUNT_KEY";

const stack = guideStack();

/** Runs the only command of the guide that begins like this, in a shell. */
async function shell(beginning: string, values: Record<string, string> = {}): Promise<void> {
  const [found, ...others] = commandsIn(read(GUIDE)).filter((line) => line.startsWith(beginning));
  if (found === undefined || others.length > 0) throw new Error(`not one "${beginning}"`);
  const script = found.replace(/<(\w+)>/g, (_, name: string) => values[name] ?? "");
  const environment = { ...stack.engine.workspace.environment, PULUMI_SKIP_CONFIRMATIONS: "true" };
  await stack.engine.keep(
    runInProject(stack.engine, "bash", ["-e", "-o", "pipefail", "-c", script], environment).then(
      (result) => ({
        ...result,
        exitCode: 0,
      }),
    ),
  );
}

type Edit = readonly [from: string | RegExp, to: string];

/** A program of docs/guides/wire-to-an-app.md with changes, each of which it must allow. */
function program(heading: string, ...edits: readonly Edit[]): string {
  const [shown = ""] = programsUnder(heading, "docs/guides/wire-to-an-app.md");
  return edits.reduce((text, [from, to]) => {
    const next = text.replace(from, () => to);
    if (next === text) throw new Error(`the program has no ${String(from)}`);
    return next;
  }, shown);
}

const WITHOUT_ROTATION: readonly Edit[] = [
  [/^import \{ BatchAccountKeyRotation \}.*\n/m, ""],
  [/^const rotation = new [^]*?^\}\);\n/m, ""],
];

/** The settings take nothing of the rotation, and stay what they are. */
function otherSources(account: SimulatedAccount, key: Edit): readonly Edit[] {
  return [
    ["rotation.accountName", JSON.stringify(account.name)],
    ["${rotation.accountEndpoint}", new URL(stack.engine.simulator.url).host],
    key,
  ];
}

/** Runs something in a project in which the package is not installed any more. */
async function withoutPackage(action: () => Promise<void>): Promise<void> {
  const folder = path.join(stack.engine.workspace.projectFolder, "node_modules", PACKAGE_NAME);
  await fs.rename(folder, `${folder}-gone`);
  await action();
  await fs.rename(`${folder}-gone`, folder);
}

/** The stack after its rotation went: nothing to do, and nothing of it left. */
async function expectGone(): Promise<void> {
  await withoutPackage(async () => {
    expect(await stack.up()).toMatch(/Resources:\n +\d+ unchanged\n/);
  });
  expect(await stack.engine.resource()).toBeUndefined();
}

test("the app keeps its key when the rotation is taken out of the program, and then the package", async () => {
  const heading = "An app setting";
  const account = stack.engine.newAccount("leaving");
  const exported = "\nexport const currentKey = rotation.currentKey;\n";
  const revoking = [
    "rotateOnCreate: false,",
    "rotateOnCreate: false, revokeOnDelete: true,",
  ] as const;
  await stack.configure({ accountId: account.id, keyVersion: "1" });
  await stack.program(program(heading, revoking) + exported);
  await stack.up();
  await stack.configure({ keyVersion: "2" });
  await stack.up();
  const held = stack.appSetting(KEY);
  expect(held).toBe(account.keys().secondary);

  await stack.program(program(heading) + exported);
  await stack.up(); // 1: the keys shall stay
  await shell("pulumi stack output currentKey");
  const sources = otherSources(account, [
    "rotation.currentKey",
    'config.requireSecret("batchKey")',
  ]);
  await stack.program(program(heading, ...sources) + exported);
  const before = stack.azureNative.calls.length;
  await stack.up(); // 2
  await stack.program(program(heading, ...sources, ...WITHOUT_ROTATION));
  await stack.up(); // 3
  await expectGone(); // 4

  expect(stack.azureNative.calls.slice(before)).toEqual([]);
  expect(stack.appSetting(KEY)).toBe(held);
  expect(account.accepts(held)).toBe(true);
  expect(account.regenerations).toHaveLength(1);
  expect(stack.engine.secretsIn(stack.engine.printed)).toBe(0);
});

test("with a vault the secret keeps a key that works when the rotation is taken out of state", async () => {
  const heading = "A reference to Key Vault";
  const account = stack.engine.newAccount("leavingvault");
  const vault = stack.engine.simulator.createVault({
    name: "vault",
    resourceGroupName: "my-group",
  });
  await stack.configure({ accountId: account.id, vaultUri: vault.uri, keyVersion: "1" });
  await stack.program(program(heading));
  await stack.up();
  await stack.configure({ keyVersion: "2" });
  await stack.up();
  const reference = stack.appSetting(KEY);
  const { urn = "", outputs } = (await stack.engine.resource()) ?? {};
  const sources = otherSources(account, ["${rotation.secretUri}", String(outputs?.["secretUri"])]);

  // The settings depend on it still.
  await expect(shell("pulumi state delete '<URN>'", { URN: urn })).rejects.toThrow(/depend/);
  await stack.program(program(heading, ...sources));
  await stack.up();
  await shell("pulumi state delete '<URN>'", { URN: urn });
  await stack.program(program(heading, ...sources, ...WITHOUT_ROTATION));
  await expectGone();

  expect(stack.appSetting(KEY)).toBe(reference);
  expect(vault.secretVersions("leavingvault-key")).toHaveLength(2);
  expect(account.accepts(vault.secretValue("leavingvault-key") ?? "")).toBe(true);
  expect(account.regenerations).toHaveLength(1);
});
