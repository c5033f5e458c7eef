import { EngineFixture } from "../support/engineFixture";
import { host } from "../support/hosts";

/* Schedules under Pulumi's own engine. */

jest.setTimeout(120_000);

let engine: EngineFixture;

beforeAll(async () => {
  engine = await EngineFixture.start({ host });
});
afterAll(() => engine.stop());

test("rotateAfter rotates at the first up after its time, once, and the preview says why", async () => {
  const account = engine.newAccount("scheduled");
  const args = { accountId: account.id, rotateAfter: "P30D", minimumOverlap: "P7D" };
  await engine.up(args);
  expect((await engine.resource())?.outputs).toHaveProperty("nextRotationAt");

  await engine.letDaysPass(29);
  expect((await engine.up(args)).stdout).toContain("2 unchanged");

  await engine.letDaysPass(100);
  const { stdout } = await engine.workspace.preview({ diff: true });
  expect(stdout).toMatch(/~ rotationReason\s*: "Created" => "Scheduled"/);
  expect(stdout).toMatch(/~ keyToRotate\s*: "Secondary" => "Primary"/);
  await engine.up(args);
  expect((await engine.up(args)).stdout).toContain("2 unchanged");
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
});

test("revokePreviousAfter kills the previous key at the first up after its time, once, and the preview says which", async () => {
  const account = engine.newAccount("revoking");
  const args = { accountId: account.id, rotateAfter: "P30D", revokePreviousAfter: "P7D" };
  await engine.up(args);
  const { currentKey, previousKey } = await engine.workspace.outputs({ showSecrets: true });
  await engine.letDaysPass(6);
  expect((await engine.up(args)).stdout).toContain("2 unchanged");

  await engine.letDaysPass(2);
  const { stdout } = await engine.workspace.preview({ diff: true });
  expect(stdout).toMatch(/\+ keyToRevoke\s*: "Primary"/);
  expect(stdout).not.toMatch(/[~+-] (keyToRotate|generation)/);
  await engine.up(args);
  expect((await engine.up(args)).stdout).toContain("2 unchanged");
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
  expect([currentKey, previousKey].map((key) => account.accepts(String(key)))).toEqual([
    true,
    false,
  ]);

  await engine.letDaysPass(30);
  await engine.up(args);
  expect((await engine.resource())?.outputs).not.toHaveProperty("keyToRevoke");
  expect(account.accepts(String(currentKey))).toBe(true);
});

test("a bump inside minimumOverlap is refused with the time left and what to do after a leak", async () => {
  const account = engine.newAccount("overlapping");
  const args = { accountId: account.id, minimumOverlap: "P7D" };
  await engine.up(args);
  await engine.letDaysPass(5);
  const { stdout } = await engine.up({ ...args, version: 2 }, { expectFailure: true });
  expect(stdout).toMatch(/2 days left|1 day, 23 hours left/);
  expect(stdout).toContain('set rotate to "Both"');
  expect(account.regenerations).toHaveLength(1);

  await engine.up({ ...args, version: 2, rotate: "Both" });
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual([
    "Secondary",
    "Secondary",
    "Primary",
  ]);
  const { currentKey } = await engine.workspace.outputs({ showSecrets: true });
  expect(account.accepts(String(currentKey))).toBe(true);
});

test("a schedule that falls due while a rotation is unfinished does not rotate the key in use", async () => {
  const account = engine.newAccount("overdue");
  const args = { accountId: account.id, rotateAfter: "P30D", verifyKey: "Required" };
  await engine.up(args);
  const held = account.keys().secondary;
  account.dataPlane = "Unreachable";
  await engine.up({ ...args, version: 2 }, { expectFailure: true });
  await engine.letDaysPass(31);
  await engine.up({ ...args, version: 2 }, { expectFailure: true });
  expect(account.accepts(held)).toBe(true);
  account.dataPlane = "Available";
  await engine.up({ ...args, version: 2 });
  expect(account.accepts(held)).toBe(true);
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
});
