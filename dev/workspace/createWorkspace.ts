import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { PulumiInstallation } from "../pulumi-cli/installation";
import { installPackage, linkInstalledPackages } from "./nodeModules";
import { PACKAGE_NAME, packPackage } from "./packedPackage";
import { PROJECT, PulumiWorkspace } from "./workspace";

/** What a process needs to work on a machine at all; everything else would leak into the run. */
const PASSED_ON = ["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR"];

export interface WorkspaceOptions {
  readonly pulumi: PulumiInstallation;
  /** The folder with Pulumi.yaml and the program; it is copied. */
  readonly project: string;
  /** @default "dev" */
  readonly stack?: string;
  /** Puts `npm pack`'s tarball of this repository into node_modules. @default true */
  readonly packageUnderTest?: boolean;
  /** Fills node_modules instead of links to what the repository has, and of `packages`. */
  readonly install?: (projectFolder: string) => Promise<void>;
  /** Where Pulumi.yaml lies within the project's folder. @default the folder itself */
  readonly programFolder?: string;
  /** Folders that come before all others on PATH, for another Node.js than the one that runs this. */
  readonly firstOnPath?: readonly string[];
  /** More packages by name, which win over all others: a folder is linked, a .tgz is unpacked. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Added to the hermetic environment of every command. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A temporary copy of a project, ready for `pulumi up` on an empty stack. No network is used. */
export async function createWorkspace(options: WorkspaceOptions): Promise<PulumiWorkspace> {
  // The real path: Node.js and Pulumi resolve links, and both would disagree with a linked /tmp.
  const root = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), "pulumi-workspace-")));
  const folders = {
    home: path.join(root, "home"),
    pulumiHome: path.join(root, "pulumi-home"),
    state: path.join(root, "state"),
  };
  const { executable } = options.pulumi;
  const workspace = new PulumiWorkspace({
    executable,
    root,
    // Unique to the workspace and inherited by every process in it.
    marker: folders.pulumiHome,
    stack: options.stack ?? "dev",
    programFolder: options.programFolder ?? ".",
    environment: {
      ...hermeticEnvironment(folders, [path.dirname(executable), ...(options.firstOnPath ?? [])]),
      ...options.environment,
    },
  });
  try {
    for (const folder of Object.values(folders)) await fs.mkdir(folder);
    const project = path.join(root, PROJECT);
    await copyProject(options.project, project);
    await requirePulumiYaml(workspace.projectFolder, options.project);
    if (options.install) await options.install(project);
    else await fillNodeModules(path.join(project, "node_modules"), options);
    await workspace.pulumi(["stack", "init", workspace.stack]);
    return workspace;
  } catch (error) {
    await workspace.dispose();
    throw error;
  }
}

/** No account, configuration, proxy, plugin or telemetry of the person or job that runs this. */
function hermeticEnvironment(
  folders: { readonly home: string; readonly pulumiHome: string; readonly state: string },
  firstOnPath: readonly string[],
): Record<string, string> {
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  // The CLI's first, so that it takes the plugins beside it; then the Node.js that runs this.
  const programs = [...firstOnPath, path.dirname(process.execPath)];
  return {
    ...Object.fromEntries(passedOn),
    PATH: [...programs, process.env["PATH"] ?? ""].join(path.delimiter),
    HOME: folders.home,
    PULUMI_HOME: folders.pulumiHome,
    PULUMI_BACKEND_URL: `file://${folders.state}`,
    PULUMI_CONFIG_PASSPHRASE: "hermetic",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A provider that is not there is an error at once, not a download that takes its time.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_CI_DETECTION: "true",
  };
}

async function copyProject(from: string, to: string): Promise<void> {
  await fs.cp(from, to, {
    recursive: true,
    // Stack settings are encrypted with their owner's passphrase, and belong to their owner's stack.
    filter: (file) => !/^(node_modules|Pulumi\..+\.yaml)$/.test(path.basename(file)),
  });
}

async function requirePulumiYaml(folder: string, project: string): Promise<void> {
  await fs.access(path.join(folder, "Pulumi.yaml")).catch(() => {
    throw new Error(`${project} is not a Pulumi project: it has no Pulumi.yaml.`);
  });
}

async function fillNodeModules(nodeModules: string, options: WorkspaceOptions): Promise<void> {
  await linkInstalledPackages(nodeModules);
  const packages = new Map(Object.entries(options.packages ?? {}));
  if ((options.packageUnderTest ?? true) && !packages.has(PACKAGE_NAME)) {
    packages.set(PACKAGE_NAME, await packPackage());
  }
  for (const [name, source] of packages) await installPackage(nodeModules, name, source);
}
