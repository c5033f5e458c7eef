import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

export interface CommandOptions {
  /** Added to the workspace's environment for this command; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The command is meant to fail: a non-zero exit code is returned, and success is the error. */
  readonly expectFailure?: boolean;
  /** Interrupts the command as Ctrl-C does; Pulumi then finishes the step it is in. */
  readonly signal?: AbortSignal;
  /** Hears standard output and standard error as they come. */
  readonly onOutput?: (text: string) => void;
  /** What the command reads on standard input; nothing by default. */
  readonly input?: string;
}

export interface CommandResult {
  /** As a shell shows it: 128 and the signal's number for a command that a signal ended. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that has been started and is not waited for. */
export interface RunningCommand {
  /** The CLI itself. Its plugins run in process groups of their own and outlive its SIGKILL. */
  readonly process: ChildProcess;
  /** Settles when the command has ended, whatever its exit code. */
  readonly completion: Promise<CommandResult>;
}

/** A command whose outcome was not the expected one. */
class PulumiCommandError extends Error {
  override readonly name = "PulumiCommandError";

  constructor(
    problem: string,
    readonly result: CommandResult,
  ) {
    super(`${problem}\n${tail(result)}`);
  }
}

/** What is fixed for every command of a workspace. */
export interface CommandContext {
  readonly executable: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export function startCommand(
  context: CommandContext,
  args: readonly string[],
  { env, signal, onOutput, input = "" }: Omit<CommandOptions, "expectFailure"> = {},
): RunningCommand {
  const child = spawn(context.executable, args, {
    cwd: context.cwd,
    env: { ...context.env, ...env },
    stdio: "pipe",
  });
  const interrupt = (): boolean => child.kill("SIGINT");
  signal?.addEventListener("abort", interrupt);
  if (signal?.aborted === true) interrupt();

  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onOutput?.(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onOutput?.(text);
  });
  // A command that ends without reading its input breaks the pipe; its exit code says more.
  child.stdin.on("error", () => undefined).end(input);

  const completion = new Promise<CommandResult>((resolve, reject) => {
    child.on("error", (cause) => {
      reject(new Error(`Could not start ${context.executable}: ${cause.message}`, { cause }));
    });
    child.on("close", (code, endedBy) => {
      signal?.removeEventListener("abort", interrupt);
      const exitCode = code ?? 128 + (endedBy === null ? 0 : constants.signals[endedBy]);
      resolve({ exitCode, stdout, stderr });
    });
  });
  return { process: child, completion };
}

export async function runCommand(
  context: CommandContext,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await startCommand(context, args, options).completion;
  const command = `pulumi ${args.join(" ")}`;
  if (options.expectFailure === true && result.exitCode === 0) {
    throw new PulumiCommandError(`"${command}" succeeded, and was expected to fail.`, result);
  }
  if (options.expectFailure !== true && result.exitCode !== 0) {
    const reason = options.signal?.aborted === true ? "was interrupted" : "failed";
    throw new PulumiCommandError(
      `"${command}" ${reason} with exit code ${String(result.exitCode)} in ${context.cwd}.`,
      result,
    );
  }
  return result;
}

/** The end of the output, where Pulumi puts its diagnostics. */
function tail({ stdout, stderr }: CommandResult): string {
  const lines = `${stdout}\n${stderr}`.trim().split("\n");
  return lines.slice(-40).join("\n");
}
