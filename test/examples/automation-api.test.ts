import type { EngineFixture } from "../support/engineFixture";
import { outputsOf, runInProject, startExample } from "./exampleStack";

jest.setTimeout(180_000);

let engine: EngineFixture;

beforeAll(async () => {
  engine = await startExample("automation-api");
});
afterAll(() => engine.stop());

const rotate = () => runInProject(engine, "npx", ["tsx", "rotate.ts"]);

test("the script rotates a key of a stack that is up, tells which and why, and shows no key", async () => {
  const account = engine.newAccount("scripted");
  engine.rememberKeys(account);
  const held = account.keys().primary;
  await engine.workspace.setConfig("accountId", account.id);
  await expect(rotate()).rejects.toThrow('Run "pulumi up" once');
  await engine.workspace.up({ skipPreview: true });
  expect(account.regenerations).toEqual([]);

  const { stdout } = await rotate();
  engine.rememberKeys(account);
  expect(stdout).toBe(
    [
      "keyVersion: 2",
      "will regenerate: Secondary (VersionChanged)",
      "regenerated: Secondary (VersionChanged)",
      "current key: Secondary (Verified)",
      "",
    ].join("\n"),
  );
  const { currentKey = "" } = await outputsOf(engine);
  expect([currentKey, held].map((key) => account.accepts(key))).toEqual([true, true]);

  // Run again after a failure, it goes on with the rotation that failed.
  account.locked = true;
  const failure = (await rotate().catch((error: unknown) => error)) as Record<string, string>;
  expect(failure["stdout"]).toBe("keyVersion: 3\nwill regenerate: Primary (VersionChanged)\n");
  expect(failure["stderr"]).toContain("ScopeLocked");
  account.locked = false;
  const retried = await rotate();
  engine.rememberKeys(account);
  expect(retried.stdout).toContain("keyVersion: 3\n");
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
  const printed = [stdout, failure["stdout"], failure["stderr"], retried.stdout, retried.stderr];
  expect(engine.secretsIn(printed.join(""))).toBe(0);

  await engine.workspace.destroy();
  expect(account.regenerations).toHaveLength(2);
});
