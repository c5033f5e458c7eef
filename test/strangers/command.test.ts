import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { PROJECTS } from "../../dev/strangers/projects";
import { ROOT } from "../package/documents";

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

test("each project has a name of its own", () => {
  const names = PROJECTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
