import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import * as path from "node:path";

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
 */
export async function runProgram<Output>(
  name: string,
  { input, environment, arguments: args = [] }: ProgramOptions,
): Promise<ProgramRun<Output>> {
  const file = path.join(__dirname, "programs", name);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
  });
  child.stdin.on("error", () => undefined).end(JSON.stringify(input));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ]);
  const milliseconds = performance.now() - startedAt;
  if (exitCode !== 0) throw new Error(`${name} ended with ${String(exitCode)}:\n${stderr}`);
  const output = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Output;
  return { output, milliseconds };
}
