import * as fs from "node:fs/promises";
import * as path from "node:path";
import { findPulumi } from "../../dev/pulumi-cli/find";
import type { PulumiInstallation } from "../../dev/pulumi-cli/installation";
import type { CommandOptions, CommandResult } from "../../dev/workspace/command";
import { createWorkspace } from "../../dev/workspace/createWorkspace";
import type { ExportedResource, PulumiWorkspace } from "../../dev/workspace/workspace";
import { type SimulatedAccount, type Simulator, startSimulator } from "../../simulator";
import { DYNAMIC, type Host } from "./hosts";

/** The CLI, which the test command has made sure of. */
export async function installedPulumi(): Promise<PulumiInstallation> {
  const pulumi = await findPulumi();
  if (pulumi === undefined) {
    throw new Error('the Pulumi CLI is missing: run "npx tsx dev/pulumi-cli/main.ts"');
  }
  return pulumi;
}

/** What is said inside while a command runs. */
interface Overheard {
  readonly messages: string;
  readonly events: string;
  readonly trace: string;
}

interface EngineOptions {
  /** @default test/engine/project */
  readonly project?: string;
  readonly environment?: Record<string, string>;
  /** What runs the rotations of a program that takes its class from ROTATION_PACKAGE. @default DYNAMIC */
  readonly host?: Host;
}

/** A stack of a project under the real engine, and the simulator that it talks to. */
export class EngineFixture {
  /** Everything that the CLI has printed. */
  printed = "";
  readonly #secrets = new Set<string>();

  static async start({
    project = path.join(__dirname, "../engine/project"),
    environment = {},
    host = DYNAMIC,
  }: EngineOptions = {}): Promise<EngineFixture> {
    const simulator = await startSimulator();
    try {
      const workspace = await createWorkspace({
        pulumi: await installedPulumi(),
        project,
        environment: {
          ROTATION_PACKAGE: host.package,
          ...simulator.environment(),
          ...environment,
        },
      });
      await host.install(workspace);
      return new EngineFixture(simulator, workspace);
    } catch (error) {
      await simulator.close(); // jest would wait for it for ever
      throw error;
    }
  }

  private constructor(
    readonly simulator: Simulator,
    readonly workspace: PulumiWorkspace,
  ) {}

  /** An account of which every key is remembered that it ever has, for {@link secretsIn}. */
  newAccount(name: string): SimulatedAccount {
    const account = this.simulator.account(this.simulator.createAccount({ name }));
    const regenerate = account.regenerate.bind(account);
    account.regenerate = (...which) => {
      regenerate(...which);
      this.rememberKeys(account);
    };
    this.rememberKeys(account);
    return account;
  }

  /** Sets the rotation's arguments for the commands that follow. */
  async arguments(args: object): Promise<void> {
    await this.workspace.setConfig("args", JSON.stringify(args));
  }

  async up(args: object, options: { expectFailure?: boolean } = {}): Promise<CommandResult> {
    await this.arguments(args);
    return this.keep(this.workspace.up({ skipPreview: true, ...options }));
  }

  /** Keeps what a command prints for the search for secrets. */
  async keep(command: Promise<CommandResult>): Promise<CommandResult> {
    const result = await command;
    this.printed += result.stdout + result.stderr;
    return result;
  }

  /**
   * Runs a command, and tells besides what it prints what is said inside: every message between
   * engine, program and provider, every event of the engine, and the trace of it all.
   */
  async overhear(
    args: readonly string[],
    options: Pick<CommandOptions, "expectFailure"> = {},
  ): Promise<CommandResult & Overheard> {
    const folder = await fs.mkdtemp(path.join(this.workspace.projectFolder, "../overheard-"));
    const messages = path.join(folder, "messages");
    const events = path.join(folder, "events");
    const trace = path.join(folder, "trace");
    const env = { PULUMI_DEBUG_COMMANDS: "true", PULUMI_DEBUG_GRPC: messages };
    const command = this.workspace.pulumi(
      [...args, "--event-log", events, "--tracing", `file:${trace}`],
      { ...options, env },
    );
    return {
      ...(await this.keep(command)),
      messages: await fs.readFile(messages, "utf8"),
      events: await fs.readFile(events, "utf8"),
      trace: await fs.readFile(trace, "latin1"),
    };
  }

  /** The requests to Azure Resource Manager and the data plane that an action causes. */
  async requestsOf(action: () => Promise<unknown>): Promise<string[]> {
    const before = this.simulator.requests.length;
    await action();
    return this.simulator.requests
      .slice(before)
      .map(({ operation }) => operation)
      .filter((operation) => !SIGN_IN.has(operation));
  }

  /** Time passes by moving the state's own times back. */
  async letDaysPass(days: number): Promise<void> {
    const { stdout } = await this.workspace.pulumi(["stack", "export"]);
    const moved = stdout.replace(
      /("rotationDecidedAt": ")([^"]+)/g,
      (_, name: string, at: string) => {
        const earlier = new Date(Date.parse(at) - days * 86_400_000);
        return name + earlier.toISOString();
      },
    );
    await this.workspace.pulumi(["stack", "import"], { input: moved });
  }

  /** The rotation as it stands in state. */
  async resource(options?: { showSecrets?: boolean }): Promise<ExportedResource | undefined> {
    const { deployment } = await this.workspace.stackExport(options);
    return deployment.resources?.find(({ type }) => type.endsWith(":BatchAccountKeyRotation"));
  }

  /** Remembers the account's keys of now, for {@link secretsIn}. */
  rememberKeys(account: SimulatedAccount): void {
    const { primary, secondary } = account.keys();
    this.#secrets.add(primary).add(secondary);
  }

  /** How many of the secrets of this stack stand in a text in clear. */
  secretsIn(text: string): number {
    return [...this.#secrets, this.simulator.clientSecret].filter((secret) => text.includes(secret))
      .length;
  }

  async stop(): Promise<void> {
    await this.workspace.dispose();
    await this.simulator.close();
  }
}

const SIGN_IN = new Set<string>(["metadata", "openIdConfiguration", "token"]);
