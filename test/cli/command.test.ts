import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { StatusReport } from "../../cli/status/report";
import { decrypted, exportedRotation, stackExport } from "../support/stackExports";

/* `status` as a process: files, exit codes, what goes where. test/engine/status.test.ts has the stacks. */

const COMMAND = path.join(__dirname, "../../dist/cli/main.js");
const KEY = "o".repeat(86) + "==";
const NOW = Date.now();

const FOLDER = fs.mkdtempSync(path.join(tmpdir(), "status-command-"));
afterAll(() => {
  fs.rmSync(FOLDER, { recursive: true });
});

function file(name: string, text: string): string {
  const at = path.join(FOLDER, name);
  fs.writeFileSync(at, text);
  return at;
}

function decided(days: number) {
  return {
    rotateAfter: "P30D",
    rotationDecidedAt: new Date(NOW - days * 86_400_000).toISOString(),
  };
}

const FINE = file(
  "fine.json",
  stackExport([exportedRotation({ name: "fine", settings: decided(3) })]),
);
const LATE = file(
  "late.json",
  stackExport([
    exportedRotation({
      name: "late",
      stack: "prod",
      settings: decided(30.5),
      outputs: { currentKey: decrypted(KEY) },
    }),
  ]),
);

interface Printed {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  args: readonly string[],
  { input = "", environment = {} }: { input?: string; environment?: NodeJS.ProcessEnv } = {},
): Printed {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: FOLDER,
    input,
    env: { PATH: process.env["PATH"], ...environment },
    encoding: "utf8",
  });
  return { exitCode: status, stdout, stderr };
}

function report(args: readonly string[]): StatusReport {
  return JSON.parse(run(["status", "--json", ...args]).stdout) as StatusReport;
}

test("a file whose rotations are in order gives a table, and exit code 0", () => {
  const { exitCode, stdout, stderr } = run(["status", FINE]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^Status .*\n─.*\nOK +fine .* rotation in 2\d days +Verified\n/);
  expect(stdout).toMatch(/\n1 rotation in stack fleet\/dev: 1 OK\.\n$/);
});

test("what is overdue in any of several files comes first, with what to do, and exit code 2", () => {
  const { exitCode, stdout } = run(["status", FINE, LATE]);
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/\nOverdue +late .*\nOK +fine /);
  expect(stdout).toMatch(
    /\nlate \(fleet\/prod\): a rotation has been due .* Next: run "pulumi up"/,
  );
  expect(stdout).toMatch(/2 rotations in 2 stacks: 1 Overdue, 1 OK\./);
});

test("--grace waits with the alarm", () => {
  expect(run(["status", LATE, "--grace", "P1D"])).toMatchObject({ exitCode: 0 });
  expect(run(["status", LATE, "--grace", "PT1H"])).toMatchObject({ exitCode: 2 });
});

test("standard input is read, and a stack without rotations is in order", () => {
  expect(run(["status", "-"], { input: stackExport([]) })).toEqual({
    exitCode: 0,
    stdout: "0 rotations in 1 stack.\n",
    stderr: "",
  });
});

test("--json tells the same, for programs, and no key", () => {
  const { exitCode, stdout } = run(["status", "--json", "--grace", "PT1H", FINE, LATE]);
  expect(exitCode).toBe(2);
  const told = JSON.parse(stdout) as StatusReport;
  expect(told).toMatchObject({
    grace: "PT1H",
    states: 2,
    counts: { Unfinished: 0, Unreadable: 0, Overdue: 1, Due: 0, OK: 1 },
    rotations: [
      { status: "Overdue", accountName: "late", stack: "prod" },
      { status: "OK", accountName: "fine", problem: null },
    ],
    failures: [],
  });
  expect(Math.abs(Date.parse(told.at) - Date.now())).toBeLessThan(60_000);
  expect(stdout + run(["status", LATE]).stdout).not.toContain(KEY);
});

test("a thousand rotations are all told, and of their problems a few", () => {
  const resources = Array.from({ length: 1_000 }, (_, index) =>
    exportedRotation({ name: `account${String(index)}`, settings: decided(index % 2 ? 5 : 45) }),
  );
  const many = file("many.json", stackExport(resources));
  const { exitCode, stdout } = run(["status", many]);
  expect(exitCode).toBe(2);
  expect(stdout.match(/^(Overdue|OK) +account\d+ /gm)).toHaveLength(1_000);
  expect(stdout.match(/^account\d+ \(fleet\/dev\): /gm)).toHaveLength(10);
  expect(stdout).toContain("And 490 more: --json tells what is wrong with each.");
  expect(report([many]).counts).toMatchObject({ Overdue: 500, OK: 500 });

  const command = `"${process.execPath}" "${COMMAND}" status "${many}" | head -n 1`;
  const { stderr, stdout: first } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect([first.slice(0, 6), stderr]).toEqual(["Status", ""]);
});

test.each([
  ["a pipe", {}, false],
  ["a pipe, with FORCE_COLOR", { FORCE_COLOR: "1" }, true],
  ["a pipe, with FORCE_COLOR=0", { FORCE_COLOR: "0" }, false],
  ["a pipe, with NO_COLOR", { NO_COLOR: "1" }, false],
])("colours for %s", (_, environment, hasColours) => {
  expect(run(["status", FINE], { environment }).stdout.includes("\u001b[")).toBe(hasColours);
});

describe("what cannot be read is named, with what to do next, and exit code 1", () => {
  test.each([
    ["no file", ["gone.json"], /could not read gone\.json: there is no such file\. Next: /],
    ["a folder", ["."], /could not read \.: it is a folder\. Next: /],
    ["no JSON", [file("text.json", KEY)], /text\.json: it is not JSON\. Next: /],
    ["no export", [file("other.json", "{}")], /other\.json: it is not what .* writes.* Next: /],
    ["no duration", [FINE, "--grace", "soon"], /"soon" is not an ISO 8601 duration/],
    ["files and stacks", [FINE, "--all"], /name files, or stacks, not both/],
    ["files and a stack", [FINE, "--stack", "dev"], /name files, or stacks, not both/],
    ["all stacks and one", ["--all", "--stack", "dev"], /--all.*cannot be used with.*--stack/],
    ["an unknown option", ["--jsn"], /unknown option '--jsn'[^]*Did you mean --json\?/],
  ])("%s", (_, args, message) => {
    const { exitCode, stdout, stderr } = run(["status", ...args]);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr).not.toContain(KEY);
  });

  test("the rest is told all the same", () => {
    const { exitCode, stdout, stderr } = run(["status", LATE, "gone.json"]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nOverdue +late /);
    expect(stderr).toContain("could not read gone.json");
    expect(report([LATE, "gone.json"])).toMatchObject({
      counts: { Overdue: 1 },
      failures: [{ source: "gone.json", message: expect.stringContaining("Next:") as string }],
    });
  });

  test("no Pulumi CLI", () => {
    for (const args of [[], ["--all"]]) {
      const { exitCode, stderr } = run(["status", ...args], { environment: { PATH: FOLDER } });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/there is no pulumi on PATH\. Next: install the Pulumi CLI, or name/);
    }
  });
});

test("without a subcommand the help is shown, and --version tells the package's", () => {
  expect(run([])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("status") as string,
  });
  const { version } = JSON.parse(
    fs.readFileSync(path.join(__dirname, "../../package.json"), "utf8"),
  ) as { version: string };
  expect(run(["--version"]).stdout).toBe(`${version}\n`);
});
