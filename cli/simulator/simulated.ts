import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "../../simulator";

/** What ends this process by its terminal or its owner: the command hears of it and decides. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command, by default a shell, where Pulumi finds a simulated Azure with one Batch account, and a
 * backend for its stacks that goes with it: nobody's own account, credentials and stacks are in reach.
 * @returns the command's exit code.
 */
export async function runSimulated(command: readonly string[]): Promise<number> {
  const simulator = await startSimulator();
  const backend = await mkdtemp(join(tmpdir(), "simulated-pulumi-"));
  try {
    const accountId = simulator.createAccount({ name: "mybatch", resourceGroupName: "my-group" });
    const [file = defaultShell(), ...args] = command;
    if (command.length === 0) process.stderr.write(welcome(accountId));
    return await run(file, args, {
      ...withoutAzure(process.env),
      ...simulator.environment(),
      NO_PROXY: [process.env["NO_PROXY"] ?? process.env["no_proxy"], "localhost"].join(","),
      BATCH_ACCOUNT_ID: accountId,
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: "simulated",
    });
  } finally {
    await simulator.close();
    await rm(backend, { recursive: true, force: true });
  }
}

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(file, args, { stdio: "inherit", env });
  const passOn = (signal: NodeJS.Signals) => {
    // A terminal's Ctrl-C reaches the command by itself.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  return new Promise<number>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "there is no such command" : error.message;
      reject(new Error(`could not run ${file}: ${reason}. Next: name a command that is on PATH`));
    });
    child.on("exit", (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  }).finally(() => {
    for (const signal of SIGNALS) process.off(signal, passOn);
  });
}

/** What the user has set for an Azure of theirs would win over what is set here, or go with it. */
function withoutAzure(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(ARM|AZURE)_/i.test(name)),
  );
}

function defaultShell(): string {
  const { SHELL, ComSpec } = process.env;
  return SHELL ?? ComSpec ?? "/bin/sh";
}

function welcome(accountId: string): string {
  return `A simulated Azure with one Batch account, until you type "exit":
  BATCH_ACCOUNT_ID=${accountId}
Stacks that you make here are gone then, too; yours are not seen here.
`;
}
