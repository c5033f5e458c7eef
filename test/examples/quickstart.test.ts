import type { EngineFixture } from "../support/engineFixture";
import { outputsOf, startExample } from "./exampleStack";

jest.setTimeout(120_000);

let engine: EngineFixture;

beforeAll(async () => {
  engine = await startExample("quickstart");
});
afterAll(() => engine.stop());

test("adopts an account, rotates the key that nobody holds, and leaves both at the end", async () => {
  const account = engine.newAccount("quickstart");
  const held = account.keys().primary;
  await engine.workspace.setConfig("accountId", account.id);
  await engine.workspace.up({ skipPreview: true });
  expect(await outputsOf(engine)).toEqual({ currentKey: held, currentKeyName: "Primary" });
  expect(account.regenerations).toEqual([]);

  await engine.workspace.setConfig("keyVersion", "2");
  const { stdout } = await engine.workspace.preview({ diff: true });
  expect(stdout).toMatch(/keyToRotate\s*: "None" => "Secondary"/);
  await engine.workspace.up({ skipPreview: true });
  const { currentKey = "", currentKeyName } = await outputsOf(engine);
  expect(currentKeyName).toBe("Secondary");
  expect(account.accepts(currentKey)).toBe(true);
  expect(account.accepts(held)).toBe(true);

  await engine.workspace.destroy();
  expect(account.accepts(currentKey)).toBe(true);
  expect(account.regenerations).toHaveLength(1);
});
