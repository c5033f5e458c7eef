import { type ChildProcess, execFile, type ExecFileException } from "node:child_process";
import { constants } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

/*
 * Why not by Pulumi's Automation API: its `up` takes a third longer, for it asks for history and
 * outputs afterwards; its export always has the secrets in clear; it puts configured values on the
 * command line; its processes inherit the environment of this one and cannot be killed; and it keeps
 * neither exit code nor standard output of a command that failed.
 */

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

/** What is fixed for every command of a workspace. */
export interface CommandContext {
  readonly executable: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export function startCommand(
  { executable, cwd, env }: CommandContext,
  args: readonly string[],
  { env: changes, signal, onOutput, input = "" }: Omit<CommandOptions, "expectFailure"> = {},
): RunningCommand {
  const options = { cwd, env: { ...env, ...changes }, maxBuffer: Infinity };
  const running = promisify(execFile)(executable, args, options);
  const { child } = running;
  // Node.js's own option would not wait for the end of what it interrupts.
  const interrupt = (): boolean => child.kill("SIGINT");
  signal?.addEventListener("abort", interrupt);
  if (signal?.aborted === true) interrupt();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text: string) => onOutput?.(text));
  }
  // A command that ends without reading its input breaks the pipe; its exit code says more.
  child.stdin?.on("error", () => undefined).end(input);

  const completion = running
    .then(
      (printed) => ({ exitCode: 0, ...printed }),
      (error: unknown) => resultOfFailure(executable, error as ExecFileException),
    )
    .finally(() => signal?.removeEventListener("abort", interrupt));
  return { process: child, completion };
}

function resultOfFailure(executable: string, error: ExecFileException): CommandResult {
  const { code, signal, stdout = "", stderr = "" } = error;
  if (typeof code === "string") {
    throw new Error(`Could not start ${executable}: ${error.message}`, { cause: error });
  }
  return { exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0), stdout, stderr };
}

export async function runCommand(
  context: CommandContext,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const result = await startCommand(context, args, options).completion;
  const hasFailed = result.exitCode !== 0;
  if (hasFailed === (options.expectFailure ?? false)) return result;
  const reason = options.signal?.aborted === true ? "was interrupted" : "failed";
  const outcome = hasFailed
    ? `${reason} with exit code ${String(result.exitCode)} in ${context.cwd}.`
    : "succeeded, and was expected to fail.";
  const command = [path.basename(context.executable), ...args].join(" ");
  throw new Error(`"${command}" ${outcome}\n${endOfOutput(result)}`);
}

/** Where Pulumi puts its diagnostics. */
function endOfOutput({ stdout, stderr }: CommandResult): string {
  return `${stdout}\n${stderr}`.trim().split("\n").slice(-40).join("\n");
}
