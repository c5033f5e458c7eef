import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "../../simulator";
import { copyProject } from "./projectCopy";

/** What ends this process by its terminal or its owner: the command hears of it and decides. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command, by default a shell, where Pulumi finds a simulated Azure with one Batch account, and a
 * backend and a folder for its stacks that go with it: nobody's own account, credentials, stacks and
 * their settings are in reach.
 * @returns the command's exit code.
 */
export async function runSimulated(command: readonly string[]): Promise<number> {
  const simulator = await startSimulator();
  const folder = await mkdtemp(join(tmpdir(), "simulated-pulumi-"));
  try {
    const project = await copyProject(process.cwd(), folder);
    const accountId = simulator.createAccount({ name: "mybatch", resourceGroupName: "my-group" });
    const [file = defaultShell(), ...args] = command;
    const isShell = command.length === 0;
    if (isShell) process.stderr.write(welcome(accountId, project));
    const cwd = project === undefined ? process.cwd() : folder;
    const exitCode = await run(file, args, cwd, {
      ...withoutOwn(process.env),
      ...simulator.environment(),
      ...(await trusted(simulator.environment(), folder)),
      AZURE_CONFIG_DIR: join(folder, ".azure"),
      NO_PROXY: [process.env["NO_PROXY"] ?? process.env["no_proxy"], "localhost"].join(","),
      BATCH_ACCOUNT_ID: accountId,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "simulated",
    });
    if (isShell) process.stderr.write("The simulated Azure is gone, and so are its stacks.\n");
    return exitCode;
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function run(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(file, args, { stdio: "inherit", cwd, env });
  const passOn = (signal: NodeJS.Signals) => {
    // A terminal's Ctrl-C reaches the command by itself, and a second one ends an update at once.
    if (signal !== "SIGINT" || !isAtTerminal()) child.kill(signal);
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

function isAtTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
}

/** What the user has set for an Azure or stacks of theirs would win over what is set here, or go with it. */
function withoutOwn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^((ARM|AZURE)_.*|PULUMI_(ACCESS_TOKEN|STACK))$/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)));
}

/** Whom the user trusts stays trusted: npm may need it to reach its registry. */
async function trusted(
  { NODE_EXTRA_CA_CERTS: ours = "" }: NodeJS.ProcessEnv,
  folder: string,
): Promise<NodeJS.ProcessEnv> {
  const { NODE_EXTRA_CA_CERTS: theirs } = process.env;
  if (theirs === undefined || theirs === "") return {};
  // As Node.js itself does: a file that is not there is none.
  const texts = [ours, theirs].map((file) => readFile(file, "utf8").catch(() => ""));
  const both = join(folder, "trusted.pem");
  await writeFile(both, (await Promise.all(texts)).join("\n"));
  return { NODE_EXTRA_CA_CERTS: both };
}

function defaultShell(): string {
  const { SHELL, ComSpec } = process.env;
  return SHELL ?? ComSpec ?? "/bin/sh";
}

function welcome(accountId: string, project: string | undefined): string {
  const place =
    project === undefined
      ? "This folder is in no Pulumi project: settings of stacks that you make here stay."
      : `The program is that of ${project}. Stacks that you make here, and their settings, are gone then, too.`;
  return `A simulated Azure with one Batch account, until you type "exit":
  BATCH_ACCOUNT_ID=${accountId}
${place} Your own are not seen here.
`;
}
