import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type typescript from "typescript";
import { createWorkspace } from "../../dev/workspace/createWorkspace";
import { linkCommands } from "../../dev/workspace/nodeModules";
import { REPOSITORY } from "../../dev/workspace/packedPackage";
import type { PulumiWorkspace } from "../../dev/workspace/workspace";
import { EXAMPLES } from "../examples/exampleStack";
import { codeBlocks, commandsIn, read, textUnder } from "../package/documents";
import { installedPulumi } from "../support/engineFixture";

/*
 * The README's first rotation to the letter, by a stranger without an account of any kind: its commands
 * are typed into a shell, in its order. Two come from elsewhere than a test may reach: Pulumi's template,
 * in whose place is one like it, and what npm installs, which is the packed package beside what the
 * repository has.
 */

jest.setTimeout(180_000);

const GUIDE = textUnder("Your first rotation", read("README.md"));
const COMMANDS = commandsIn(GUIDE);
const [NEW_FOLDER = "", NEW_PROJECT = "", INSTALL, INSTALL_PEER, SIMULATOR = "", OWN, ...TYPED] =
  COMMANDS;
const [PROGRAM = ""] = codeBlocks("ts", GUIDE);

const OWN_STACK = "Pulumi.dev.yaml";
const OWN_SETTINGS = "config:\n  azure-native:tenantId: the user's own\n";

let workspace: PulumiWorkspace;
let home: string;
let project: string;

beforeAll(async () => {
  // For its environment, and for what npm would install.
  workspace = await createWorkspace({
    pulumi: await installedPulumi(),
    project: path.join(EXAMPLES, "quickstart"),
  });
  home = await fs.mkdtemp(path.join(workspace.projectFolder, "../stranger-"));
  project = path.join(home, "batch-keys");
});
afterAll(() => workspace.dispose());

interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in a shell, with what is typed into it. */
function typed(command: string, cwd: string, input = ""): Promise<Printed> {
  const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, ...environment } = workspace.environment;
  expect([PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE]).not.toContain(undefined);
  const child = spawn("/bin/sh", ["-c", command], {
    cwd,
    // Where a person is asked, the answer is yes.
    env: { ...environment, SHELL: "/bin/sh", PULUMI_SKIP_CONFIRMATIONS: "true", TMPDIR: home },
  });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (data: Buffer) => (printed[name] += data.toString()));
  }
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve({ code, ...printed });
    });
  });
}

test("its program is one for the TypeScript that the SDK brings, where a project has none of its own", async () => {
  const vendored = "node_modules/@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js";
  const sdks = (await import(path.join(REPOSITORY, vendored))) as typeof typescript;
  expect(sdks.version).toBe("3.8.3");
  const { diagnostics = [] } = sdks.transpileModule(PROGRAM, { reportDiagnostics: true });
  expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
});

test("an empty folder becomes a project, without a login", async () => {
  expect(NEW_PROJECT).toContain("pulumi new typescript ");
  const command = NEW_PROJECT.replace("typescript", path.join(__dirname, "template"));
  expect(await typed(`${NEW_FOLDER}\n${command}`, home)).toMatchObject({ code: 0 });
  expect([INSTALL, INSTALL_PEER]).toEqual([
    "npm install pulumi-azure-batch-key-rotation",
    "npm install --save-dev @peculiar/x509",
  ]);
  const nodeModules = path.join(project, "node_modules");
  await fs.rename(path.join(workspace.projectFolder, "node_modules"), nodeModules);
  await linkCommands(nodeModules);
  await fs.writeFile(path.join(project, "index.ts"), `${PROGRAM}\n`);
});

test("its account is adopted and rotated, and nothing is left of the stack", async () => {
  await fs.writeFile(path.join(project, OWN_STACK), OWN_SETTINGS);
  expect(OWN).toMatch(/^export BATCH_ACCOUNT_ID=\/subscriptions\//);
  const marked = TYPED.flatMap((command) => [`echo '$ ${command.replaceAll("'", "")}'`, command]);
  const input = ["set -e", ...marked, "exit"].join("\n");
  const { code, stdout, stderr } = await typed(SIMULATOR, project, input);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: expect.stringContaining("BATCH_ACCOUNT_ID=") as string,
  });
  const [, ...said] = stdout.split(/^\$ .*\n/m);
  const saidAt = (command: string, nth = 0) =>
    said[TYPED.flatMap((each, index) => (each === command ? [index] : []))[nth] ?? -1];

  expect(saidAt("pulumi up")).toContain("+ 2 created");
  expect(saidAt("pulumi stack output currentKeyName")).toBe("Primary\n");
  expect(saidAt("pulumi preview --diff")).toMatch(/keyToRotate\s*: "None" => "Secondary"/);
  expect(saidAt("pulumi up", 1)).toMatch(/currentKeyName\s*: "Primary" => "Secondary"/);
  expect(saidAt("pulumi stack output currentKey --show-secrets")).toMatch(
    /^[A-Za-z0-9+/]{86}==\n$/,
  );
  // Whatever was done in there: a stack of the same name is the user's own.
  const left = await fs.readdir(project);
  expect(left.filter((name) => name.startsWith("Pulumi")).sort()).toEqual([
    OWN_STACK,
    "Pulumi.yaml",
  ]);
  expect(await fs.readFile(path.join(project, OWN_STACK), "utf8")).toBe(OWN_SETTINGS);
  expect((await fs.readdir(home)).filter((name) => name.includes("simulat"))).toEqual([]);
});
