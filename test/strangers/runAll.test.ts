import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { Progress } from "../../dev/progress";
import type { StrangersProject } from "../../dev/strangers/project";
import { PROJECTS } from "../../dev/strangers/projects";
import { runAll } from "../../dev/strangers/runAll";
import { ROOT } from "../package/documents";
import { installedPulumi } from "../support/engineFixture";

jest.setTimeout(60_000);

test("a project that npm run strangers does not know is refused with the names that it knows", async () => {
  const main = path.join(ROOT, "dev/strangers/main.ts");
  const tsx = require.resolve("tsx/cli");
  const command = promisify(execFile)(process.execPath, [tsx, main, "--only", "npn"]);
  await expect(command).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: `There is no project npn. --only takes of: ${PROJECTS.map(({ name }) => name).join(", ")}\n`,
  });
});

test("a project that fails, or does not fail as it says, is told with what it printed, and the others run", async () => {
  const print = jest.spyOn(console, "log").mockImplementation();
  const [npm] = PROJECTS as [StrangersProject];
  const cannotBeInstalled = { ...npm, packages: { "no name": "1" } };
  const { outcomes, failed } = await runAll(
    [
      { ...cannotBeInstalled, name: "first" },
      { ...cannotBeInstalled, name: "expected", failure: failureOf(/Invalid package name/) },
      { ...cannotBeInstalled, name: "unexpected", failure: failureOf(/engine/) },
    ],
    await installedPulumi(),
    new Progress({ write: () => undefined }),
    new AbortController().signal,
  );
  const printed = print.mock.calls.join("\n");
  print.mockRestore();
  expect([...failed].sort()).toEqual(["first", "unexpected"]);
  expect(outcomes.map(({ project }) => project.name)).toEqual(["expected"]);
  expect(printed).toMatch(
    /first FAILED at install: "npm install .* failed[^]*Invalid package name/,
  );
  expect(printed).toMatch(
    /unexpected FAILED at install: \/engine\/ is not in:[^]*Invalid package name/,
  );
});

function failureOf(output: RegExp): NonNullable<StrangersProject["failure"]> {
  return { step: "install", output, reason: "a name has no space" };
}

test("each project has a name of its own", () => {
  const names = PROJECTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
