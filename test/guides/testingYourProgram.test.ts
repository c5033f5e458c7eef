import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startExample } from "../examples/exampleStack";
import { codeBlocks, commandsIn, read } from "../package/documents";
import type { EngineFixture } from "../support/engineFixture";

/*
 * The tests that docs/guides/testing-your-program.md shows, in a project whose owner has a stack named
 * "test" as well, whatever becomes of them.
 */

jest.setTimeout(180_000);

const GUIDE = "docs/guides/testing-your-program.md";
const PROGRAMS = codeBlocks("ts", read(GUIDE));
const COMMANDS = commandsIn(read(GUIDE));

let engine: EngineFixture;
let temporary: string;
let before: unknown;

beforeAll(async () => {
  engine = await startExample("quickstart");
  const { workspace } = engine;
  await workspace.pulumi(["stack", "init", "test"]);
  await workspace.pulumi(["config", "set", "--secret", "precious", "of the owner's"]);
  temporary = path.join(workspace.projectFolder, "../temporary");
  await fs.mkdir(temporary);
  const bin = path.join(workspace.projectFolder, "node_modules/.bin");
  await fs.symlink(path.resolve(__dirname, "../../node_modules/.bin"), bin);
  const [ofProgram = "", , ofMocks = ""] = PROGRAMS;
  await write("rotation.test.ts", ofProgram);
  await write("mocks.test.ts", ofMocks);
});
afterAll(() => engine.stop());

beforeEach(async () => {
  before = await everyFile();
});
afterEach(async () => {
  // What Pulumi keeps for all projects, such as plugins, may grow.
  expect(await everyFile()).toEqual(before);
  expect(engine.simulator.requests).toEqual([]);
});

function write(name: string, text: string): Promise<void> {
  return fs.writeFile(path.join(engine.workspace.projectFolder, name), text);
}

/** Every file of the project, and of the owner's stacks in their backend, with what it holds. */
async function everyFile(): Promise<Record<string, string>> {
  const { projectFolder } = engine.workspace;
  const files: Record<string, string> = {};
  for (const folder of [projectFolder, path.join(projectFolder, "../state")]) {
    for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (file.includes("node_modules") || !entry.isFile()) continue;
      files[file] = await fs.readFile(file, "utf8");
    }
  }
  return files;
}

interface Running {
  readonly end: Promise<{ code: number | null; printed: string }>;
  /** As a terminal does it: every process of the command hears it. */
  ctrlC(): void;
}

function start(command: string, environment: NodeJS.ProcessEnv = {}): Running {
  const { projectFolder, environment: own } = engine.workspace;
  const env = { ...own, TMPDIR: temporary, ...environment };
  const child = spawn("/bin/sh", ["-c", command], { cwd: projectFolder, env, detached: true });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => (printed += data.toString()));
  }
  const end = new Promise<{ code: number | null; printed: string }>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, printed });
    });
  });
  return { end, ctrlC: () => process.kill(-Number(child.pid), "SIGINT") };
}

/** What a test, or the simulator, would leave behind. */
const LEFT: unknown = expect.stringMatching(/^(rotation|azure-simulator)-/);
const [, ROTATION = "", MOCKS = ""] = COMMANDS;

test("the guide's commands are these", () => {
  expect(COMMANDS).toEqual([
    "npm install --save-dev @peculiar/x509 tsx", // stands in node_modules
    "npx tsx --test rotation.test.ts",
    "npx tsx --test mocks.test.ts",
  ]);
});

test("the test of a program passes, and leaves nothing behind", async () => {
  const { code, printed } = await start(ROTATION).end;
  expect(printed).toContain("# pass 1");
  expect(code).toBe(0);
  expect(await fs.readdir(temporary)).not.toContainEqual(LEFT);
});

test("the test under mocks passes", async () => {
  const { code, printed } = await start(MOCKS).end;
  expect(printed).toContain("# pass 1");
  expect(code).toBe(0);
});

describe("the test ends, and nothing of the owner's is touched,", () => {
  async function failing(name: string, change: (text: string) => string): Promise<string> {
    const file = path.join(engine.workspace.projectFolder, name);
    const text = await fs.readFile(file, "utf8");
    await fs.writeFile(file, change(text));
    before = await everyFile();
    try {
      const { code, printed } = await start(ROTATION).end;
      expect(code).toBe(1);
      return printed;
    } finally {
      await fs.writeFile(file, text);
      expect(await fs.readdir(temporary)).not.toContainEqual(LEFT);
      before = await everyFile();
    }
  }

  test("where the program throws", async () => {
    const printed = await failing("index.ts", (text) => `throw new Error("no way");${text}`);
    expect(printed).toContain("no way");
  });

  test("where Pulumi refuses to make the stack", async () => {
    const name = /batch-key-quickstart/;
    const printed = await failing("Pulumi.yaml", (text) => text.replace(name, '"no/name"'));
    expect(printed).toContain("createStack");
  });

  test("where there is no Pulumi CLI", async () => {
    const { code, printed } = await start(ROTATION, { PATH: path.dirname(process.execPath) }).end;
    expect(printed).toContain("# fail 1");
    expect(code).toBe(1);
  });

  test("where Ctrl-C ends it in the middle of an update", async () => {
    const running = start(ROTATION);
    await until(async () => (await everyFileOfTest()).some((file) => file.includes("/locks/")));
    running.ctrlC();
    expect((await running.end).code).not.toBe(0);
  });

  async function everyFileOfTest(): Promise<string[]> {
    return (await fs.readdir(temporary, { recursive: true }).catch(() => [])).filter((file) =>
      /^rotation-.*\.json$/.test(file),
    );
  }

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    const signal = AbortSignal.timeout(60_000);
    while (!(await isSo())) await wait(50, undefined, { signal });
  }
});
