import * as fs from "node:fs/promises";
import * as path from "node:path";
import {
  type CommandContext,
  type CommandOptions,
  type CommandResult,
  runCommand,
  type RunningCommand,
  startCommand,
} from "./command";
import { installPackage } from "./nodeModules";
import { findProcesses, killProcesses, type WorkspaceProcess } from "./processes";

/** What `pulumi stack export` prints, as far as callers look into it. */
export interface StackExport {
  readonly version: number;
  readonly deployment: {
    readonly resources?: readonly ExportedResource[];
    readonly pending_operations?: readonly PendingOperation[];
    readonly [key: string]: unknown;
  };
}

export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

interface PendingOperation {
  readonly type: string;
  readonly resource: ExportedResource;
}

const NON_INTERACTIVE = ["--non-interactive", "--color", "never"];

/** The project's folder within the workspace's. */
export const PROJECT = "project";

export interface WorkspaceParts {
  /** The CLI. */
  readonly executable: string;
  /** The folder that holds everything. */
  readonly root: string;
  /** Stands in the environment of every process of the workspace, and of no other. */
  readonly marker: string;
  readonly stack: string;
  /** Where Pulumi.yaml lies within the project's folder. */
  readonly programFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A Pulumi project with a state, a home and a node_modules of its own, and the commands to run in it. */
export class PulumiWorkspace {
  readonly stack: string;
  /** Where Pulumi.yaml of the project's copy lies; a test may edit the program there. */
  readonly projectFolder: string;
  /** What every command has in its environment, and nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #root: string;
  readonly #marker: string;
  readonly #context: CommandContext;

  /** @internal Use createWorkspace. */
  constructor({ executable, root, marker, stack, programFolder, environment }: WorkspaceParts) {
    this.stack = stack;
    this.projectFolder = path.join(root, PROJECT, programFolder);
    this.environment = environment;
    this.#root = root;
    this.#marker = marker;
    this.#context = { executable, cwd: this.projectFolder, env: environment };
  }

  /** Runs `pulumi <args>` in the project, as a user would type it, without prompts and colours. */
  pulumi(args: readonly string[], options?: CommandOptions): Promise<CommandResult> {
    return runCommand(this.#context, [...args, ...NON_INTERACTIVE], options);
  }

  /** Starts `pulumi <args>` and returns at once, for a test that interferes with it. */
  start(args: readonly string[], options?: Omit<CommandOptions, "expectFailure">): RunningCommand {
    return startCommand(this.#context, [...args, ...NON_INTERACTIVE], options);
  }

  up({ skipPreview = false, ...options }: UpOptions = {}): Promise<CommandResult> {
    const args = skipPreview ? ["up", "--yes", "--skip-preview"] : ["up", "--yes"];
    return this.pulumi(args, options);
  }

  preview({ diff = false, ...options }: PreviewOptions = {}): Promise<CommandResult> {
    return this.pulumi(diff ? ["preview", "--diff"] : ["preview"], options);
  }

  refresh(options?: CommandOptions): Promise<CommandResult> {
    return this.pulumi(["refresh", "--yes"], options);
  }

  destroy(options?: CommandOptions): Promise<CommandResult> {
    return this.pulumi(["destroy", "--yes"], options);
  }

  /** Frees a stack whose command was killed. */
  cancel(options?: CommandOptions): Promise<CommandResult> {
    return this.pulumi(["cancel", "--yes"], options);
  }

  async setConfig(
    key: string,
    value: string,
    { secret = false }: { readonly secret?: boolean } = {},
  ): Promise<void> {
    // The value goes through standard input: an argument would stand in errors and process lists.
    const kind = secret ? "--secret" : "--plaintext";
    await this.pulumi(["config", "set", key, kind], { input: value });
  }

  async stackExport({ showSecrets = false }: SecretsOptions = {}): Promise<StackExport> {
    const args = ["stack", "export", ...(showSecrets ? ["--show-secrets"] : [])];
    return JSON.parse((await this.pulumi(args)).stdout) as StackExport;
  }

  /** The stack's outputs; secret ones read "[secret]" unless they are asked for. */
  async outputs({ showSecrets = false }: SecretsOptions = {}): Promise<Record<string, unknown>> {
    const args = ["stack", "output", "--json", ...(showSecrets ? ["--show-secrets"] : [])];
    return JSON.parse((await this.pulumi(args)).stdout) as Record<string, unknown>;
  }

  /** Replaces a package in node_modules, as an upgrade does: a folder is linked, a .tgz unpacked. */
  installPackage(name: string, source: string): Promise<void> {
    return installPackage(path.join(this.projectFolder, "node_modules"), name, source);
  }

  /** Every process of the workspace's commands that is alive, orphans of a killed CLI included. */
  processes(): Promise<WorkspaceProcess[]> {
    return findProcesses(this.#marker);
  }

  /**
   * The Node.js process that runs the rotations' lifecycles, of either host, while a command needs it.
   * The dynamic resources' has a parent, a shell script, which asked another Node.js where the file is.
   */
  async provider(): Promise<WorkspaceProcess | undefined> {
    const processes = await this.processes();
    return processes.find(({ command }) =>
      /(cmd\/dynamic-provider|resource-azure-batch-key-rotation-v[^/]+)\/index\.js /.test(command),
    );
  }

  /** Puts the backup, which Pulumi keeps beside each state file, in the place of the stack's own. */
  async restoreState(): Promise<void> {
    const stacks = path.join(this.#root, "state/.pulumi/stacks");
    const [project = ""] = await fs.readdir(stacks);
    const file = path.join(stacks, project, `${this.stack}.json`);
    await fs.copyFile(`${file}.bak`, file);
  }

  /** Kills what is left running and removes every file of the workspace. */
  async dispose(): Promise<void> {
    await killProcesses(this.#marker);
    await fs.rm(this.#root, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface UpOptions extends CommandOptions {
  /** Goes straight to the update, which halves the time. @default false */
  readonly skipPreview?: boolean;
}

export interface PreviewOptions extends CommandOptions {
  /** Shows every property that changes. @default false */
  readonly diff?: boolean;
}

export interface SecretsOptions {
  /** Decrypts secret values. @default false */
  readonly showSecrets?: boolean;
}
