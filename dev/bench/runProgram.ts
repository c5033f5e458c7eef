import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";

export interface ProgramOptions {
  /** What the program reads on standard input, as JSON. */
  readonly input?: unknown;
  readonly environment: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
}

export interface ProgramRun<Output> {
  /** The last line that it printed, which is JSON. */
  readonly output: Output;
  /** From its start to its end. */
  readonly milliseconds: number;
}

/**
 * Runs a program of programs/ in a process of its own. They are plain JavaScript, as what Pulumi
 * runs: a loader of TypeScript would take its share of every import().
 * @throws an Error with what the program wrote to standard error.
 */
export async function runProgram<Output>(
  name: string,
  { input, environment, arguments: args = [] }: ProgramOptions,
): Promise<ProgramRun<Output>> {
  const file = path.join(__dirname, "programs", name);
  const startedAt = performance.now();
  const running = promisify(execFile)(process.execPath, [file, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    maxBuffer: Infinity,
  });
  // A program that does not read its input breaks the pipe.
  running.child.stdin?.on("error", () => undefined).end(JSON.stringify(input));
  const { stdout } = await running;
  const milliseconds = performance.now() - startedAt;
  const output = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Output;
  return { output, milliseconds };
}
