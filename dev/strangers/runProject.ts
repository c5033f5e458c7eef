import { strict as assert } from "node:assert";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type SimulatedAccount, startSimulator } from "../../simulator";
import type { PulumiInstallation } from "../pulumi-cli/installation";
import { type CommandContext, type CommandResult, runCommand } from "../workspace/command";
import { createWorkspace } from "../workspace/createWorkspace";
import { PACKAGE_NAME } from "../workspace/packedPackage";
import type { PulumiWorkspace } from "../workspace/workspace";
import { INSTALLERS } from "./installers";
import type { StrangersProject } from "./project";
import { packageFolder, projectFiles } from "./projectFiles";
import { commandsOf, nodeCommands } from "./tools";
import { readVersions, type Versions } from "./versions";

export interface RunOptions {
  readonly pulumi: PulumiInstallation;
  /** Hears what begins. */
  readonly progress: (step: string) => void;
}

/**
 * Installs the packed package into the project and takes a rotation through its life; or sees the project
 * fail as it says that it does.
 * @returns the versions that were there.
 */
export async function runProject(
  project: StrangersProject,
  { pulumi, progress }: RunOptions,
): Promise<Versions> {
  const installer = INSTALLERS[project.installer];
  progress("its tools");
  const firstOnPath = [
    await nodeCommands(project.node),
    ...("package" in installer ? [await commandsOf(installer.package)] : []),
  ];
  const sources = await fs.mkdtemp(path.join(tmpdir(), "strangers-"));
  const simulator = await startSimulator();
  let workspace: PulumiWorkspace | undefined;
  try {
    await writeFiles(sources, await projectFiles(project));
    progress("install");
    workspace = await createWorkspace({
      pulumi,
      project: sources,
      firstOnPath,
      programFolder: project.programFolder ?? ".",
      environment: { ...simulator.environment(), ...project.environment },
      install: (folder) => install(project, folder, firstOnPath),
    });
    const toPackage = path.relative(project.programFolder ?? ".", packageFolder(project));
    const context = {
      cwd: path.join(workspace.projectFolder, toPackage),
      env: workspace.environment,
    };
    if (project.failure?.step === "install") return await readVersions(project, context);
    for (const command of project.commands ?? []) {
      progress(command.join(" "));
      await runCommand(...execution(project, command, context));
    }
    const account = simulator.account(simulator.createAccount({ name: "strangers" }));
    const config = ["--plaintext", `accountId=${account.id}`, "--plaintext", "keyVersion=1"];
    await workspace.pulumi(["config", "set-all", ...config]);
    if (project.failure?.step === "preview") {
      progress("preview");
      expectOutput(await workspace.preview({ expectFailure: true }), project.failure.output);
    } else {
      await rotate(workspace, account, progress);
      progress("status, destroy");
      const status = await runCommand(...execution(project, [PACKAGE_NAME, "status"], context));
      expectOutput(status, /\nOK +strangers +Primary .* 2 .*Verified\n/);
      await workspace.destroy();
      assert.equal(account.regenerations.length, 2, "destroy changes no key");
    }
    return await readVersions(project, context);
  } finally {
    await workspace?.dispose();
    await simulator.close();
    await fs.rm(sources, { recursive: true });
  }
}

/** A rotation's life: created, rotated by version, refreshed. */
async function rotate(
  workspace: PulumiWorkspace,
  account: SimulatedAccount,
  progress: (step: string) => void,
): Promise<void> {
  const regenerated = (): string[] => account.regenerations.map(({ keyName }) => keyName);
  progress("preview");
  expectOutput(await workspace.preview(), /azure-batch:BatchAccountKeyRotation +keys +create/);
  assert.deepEqual(regenerated(), [], "a preview changes no key");
  progress("up");
  await workspace.up({ skipPreview: true });
  assert.deepEqual(regenerated(), ["Secondary"], "one key was regenerated");
  await workspace.setConfig("keyVersion", "2");
  progress("up to a new version");
  await workspace.up({ skipPreview: true });
  assert.deepEqual(regenerated(), ["Secondary", "Primary"], "then the other one");
  progress("refresh");
  await workspace.refresh();
  const { currentKey } = await workspace.outputs({ showSecrets: true });
  // Not by assert.equal, which would print keys.
  assert.ok(currentKey === account.keys().primary, "the key is the regenerated one");
}

/** Installs with the environment of whoever runs this: the registry and the caches are theirs. */
async function install(
  project: StrangersProject,
  folder: string,
  firstOnPath: readonly string[],
): Promise<void> {
  const { command, arguments: args } = INSTALLERS[project.installer];
  const PATH = [...firstOnPath, process.env["PATH"] ?? ""].join(path.delimiter);
  const context = {
    executable: command,
    cwd: path.join(folder, project.installFolder ?? "."),
    env: { ...(process.env as Record<string, string>), PATH },
  };
  const { failure, installArguments = [] } = project;
  const expectFailure = failure?.step === "install";
  const result = await runCommand(context, [...args, ...installArguments], { expectFailure });
  if (expectFailure) expectOutput(result, failure.output);
}

/** How the project's installer runs a command of a package. */
function execution(
  project: StrangersProject,
  command: readonly string[],
  context: Omit<CommandContext, "executable">,
): [CommandContext, readonly string[]] {
  const [executable, ...args] = INSTALLERS[project.installer].exec;
  return [{ executable, ...context }, [...args, ...command]];
}

function expectOutput({ stdout, stderr }: CommandResult, expected: RegExp): void {
  const printed = `${stdout}\n${stderr}`;
  if (!expected.test(printed)) throw new Error(`${String(expected)} is not in:\n${printed}`);
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, text);
  }
}
