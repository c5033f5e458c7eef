import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { nodeArguments, programEnvironment, readOptions } from "./programCommand";

/** What @pulumi/pulumi's runner exits with after it has told the user what is wrong. */
const ALREADY_REPORTED = 32;

/** As long as the official host gives a program to end after an interrupt. */
const GRACE_MS = 5_000;

/** Runs Pulumi programs, each as a Node.js process of its own. */
export class ProgramRunner {
  readonly #programs = new Set<ChildProcess>();
  readonly #engineAddress: string;

  constructor(engineAddress: string) {
    this.#engineAddress = engineAddress;
  }

  /** Runs one program to its end. */
  async run(request: RunRequest): Promise<RunResponse> {
    const options = readOptions(request);
    const program = spawn(process.execPath, nodeArguments(request, options, this.#engineAddress), {
      env: { ...process.env, ...programEnvironment(request, options) },
      // The program writes where this host would, so nothing is lost, delayed or reordered.
      stdio: ["ignore", "inherit", "inherit"],
    });
    this.#programs.add(program);
    try {
      const [code, signal] = (await once(program, "exit")) as [number | null, string | null];
      return outcome(code, signal);
    } finally {
      this.#programs.delete(program);
    }
  }

  /** Interrupts every program and waits for its end; a program that ignores that is killed. */
  async stop(): Promise<void> {
    await Promise.all([...this.#programs].map(stopProgram));
  }
}

function outcome(code: number | null, signal: string | null): RunResponse {
  if (code === 0) return new RunResponse();
  if (code === ALREADY_REPORTED) return new RunResponse().setBail(true);
  return new RunResponse().setError(
    signal === null
      ? `Program exited with non-zero exit code: ${String(code)}`
      : `Program was ended by ${signal}`,
  );
}

async function stopProgram(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const ended = once(program, "exit");
  program.kill("SIGINT");
  const impatience = setTimeout(() => program.kill("SIGKILL"), GRACE_MS);
  await ended;
  clearTimeout(impatience);
}
