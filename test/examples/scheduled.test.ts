import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { EngineFixture } from "../support/engineFixture";
import { EXAMPLES, outputsOf, runInProject, startExample } from "./exampleStack";

jest.setTimeout(180_000);

let engine: EngineFixture;
let workflow: string;

beforeAll(async () => {
  engine = await startExample("scheduled");
  workflow = await fs.readFile(
    path.join(EXAMPLES, "scheduled/.github/workflows/rotate.yml"),
    "utf8",
  );
});
afterAll(() => engine.stop());

/** The workflow's last step, run by a shell as GitHub runs it. */
function runWorkflow(): Promise<{ stdout: string }> {
  const command = /- run: (pulumi .*)/.exec(workflow)?.[1] ?? "false";
  return runInProject(engine, "bash", ["-e", "-c", command]);
}

/** Moves the state's own times back, which comes to the same. */
async function letDaysPass(days: number): Promise<void> {
  const { stdout } = await engine.workspace.pulumi(["stack", "export"]);
  const moved = stdout.replace(
    /("rotationDecidedAt": ")([^"]+)/g,
    (_, name: string, at: string) =>
      name + new Date(Date.parse(at) - days * 86_400_000).toISOString(),
  );
  await engine.workspace.pulumi(["stack", "import"], { input: moved });
}

test("the workflow's command rotates when 90 days have passed, and only then", async () => {
  const account = engine.newAccount("scheduled");
  const held = account.keys().primary;
  await engine.workspace.setConfig("accountId", account.id);
  await engine.workspace.up({ skipPreview: true });
  expect(await outputsOf(engine)).toMatchObject({ currentKey: held });

  await letDaysPass(89);
  const requests = await engine.requestsOf(async () => {
    expect((await runWorkflow()).stdout).toContain("2 unchanged");
  });
  expect(requests).toEqual([]);

  await letDaysPass(2);
  const { stdout } = await runWorkflow();
  const { currentKey = "", nextRotationAt = "" } = await outputsOf(engine);
  expect(stdout).not.toContain(currentKey);
  expect(account.regenerations).toMatchObject([{ keyName: "Secondary" }]);
  expect([currentKey, held].map((key) => account.accepts(key))).toEqual([true, true]);
  expect(Date.parse(nextRotationAt)).toBeGreaterThan(Date.now() + 89 * 86_400_000);
});

test("a bump within a week is refused in the preview, and rotates after it", async () => {
  const account = engine.newAccount("bumped");
  await engine.workspace.setConfig("accountId", account.id);
  await engine.workspace.up({ skipPreview: true });
  await engine.workspace.setConfig("keyVersion", "2");
  await engine.workspace.up({ skipPreview: true });
  await engine.workspace.setConfig("keyVersion", "3");
  const { stdout } = await engine.workspace.preview({ expectFailure: true });
  expect(stdout).toContain("stays valid for minimumOverlap (P7D)");

  await letDaysPass(8);
  await engine.workspace.up({ skipPreview: true });
  expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
  const { currentKey = "" } = await outputsOf(engine);
  expect(account.accepts(currentKey)).toBe(true);

  await engine.workspace.destroy();
  expect(account.accepts(currentKey)).toBe(true);
});

test("the workflow hands on what the package signs in with, from secrets of the same name", () => {
  const variables = Object.keys(engine.simulator.environment());
  for (const name of ["ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET"]) {
    expect(variables).toContain(name);
    expect(workflow).toContain(`${name}: \${{ secrets.${name} }}`);
  }
  expect(workflow).toMatch(/schedule:\n\s+- cron: "[\d*]+ [\d*]+ \* \* \*"/);
});
