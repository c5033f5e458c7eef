import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import type { EngineFixture } from "../support/engineFixture";
import { EXAMPLES, runInProject, startExample } from "./exampleStack";

jest.setTimeout(180_000);

let engine: EngineFixture;

beforeAll(async () => {
  engine = await startExample("unit-testing");
  // The owner's stack may have any name.
  await engine.workspace.pulumi(["stack", "init", "test"]);
  await engine.workspace.pulumi(["config", "set", "precious", "the owner's"]);
});
afterEach(async () => {
  expect(await engine.workspace.pulumi(["config", "get", "precious", "--stack", "test"])).toEqual(
    expect.objectContaining({ stdout: "the owner's\n" }),
  );
});
afterAll(() => engine.stop());

test("its tests pass, with a simulator of their own, and leave nothing behind", async () => {
  const before = engine.simulator.requests.length;
  // jest reports on standard error.
  const { stderr } = await runInProject(engine, "npm", ["test"]);
  expect(stderr).toMatch(/Tests: +2 passed, 2 total/);
  expect(engine.simulator.requests).toHaveLength(before);

  const left = await fs.readdir(engine.workspace.projectFolder);
  const brought = await fs.readdir(path.join(EXAMPLES, "unit-testing"));
  const ofTheWorkspace = ["Pulumi.dev.yaml", "Pulumi.test.yaml", "node_modules"];
  expect(left.sort()).toEqual([...brought, ...ofTheWorkspace].sort());
});

test("its tests fail when the program loses the key in use", async () => {
  const program = path.join(engine.workspace.projectFolder, "index.ts");
  const text = await fs.readFile(program, "utf8");
  await fs.writeFile(program, text.replace("version:", 'rotate: "Both",\n  version:'));
  const failure = (await runInProject(engine, "npm", ["test", "--", "-t", "a rotation"]).catch(
    (error: unknown) => error,
  )) as { stderr?: string };
  expect(failure.stderr).toContain("✕ a rotation gives the application a new key");
});

test("its tests end where there is no Pulumi CLI", async () => {
  const { workspace } = engine;
  const jest = path.join(workspace.projectFolder, "node_modules/jest/bin/jest.js");
  const env = { ...workspace.environment, PATH: path.dirname(process.execPath) };
  const running = promisify(execFile)(process.execPath, [jest], {
    ...{ cwd: workspace.projectFolder, env, timeout: 60_000 },
  });
  const failure = (await running.catch((error: unknown) => error)) as { code: number };
  expect(failure.code).toBe(1); // and not killed when the time was over
});
