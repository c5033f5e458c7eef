import { deepStrictEqual } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Simulator } from "../../../../simulator";
import { ACCOUNTS, RESOURCE_GROUP } from "../accounts";
import { armBatchClient } from "../clients";
import { type Client, type Outcome, play, type Scenario } from "../scenario";
import { keyVaultSecretsClient } from "../secretClient";
import { SECRETS, VAULT } from "../secrets";

/*
 * npm run agree: azure-mgmt-batch and azure-keyvault-secrets, Microsoft's clients in Python, make
 * the calls of the agreement test and those on the secrets of a vault. Apart from npm test, which
 * needs no Python.
 */

async function main(): Promise<void> {
  const folder = await fs.mkdtemp(path.join(tmpdir(), "azure-python-"));
  try {
    await run("python3", ["-m", "venv", folder]);
    const requirements = path.join(__dirname, "requirements.txt");
    await run(path.join(folder, "bin/pip"), ["install", "--quiet", "-r", requirements]);
    const python = path.join(folder, "bin/python");
    const accounts = pythonClient(python, "accounts", ACCOUNTS);
    await compare("azure-mgmt-batch and @azure/arm-batch", ACCOUNTS, accounts, armBatchClient);
    const secrets = pythonClient(python, "secrets", SECRETS);
    const names = "azure-keyvault-secrets and @azure/keyvault-secrets";
    await compare(names, SECRETS, secrets, keyVaultSecretsClient);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

async function compare<Call>(
  names: string,
  scenario: Scenario<Call>,
  ...[inPython, inJavaScript]: readonly [
    (simulator: Simulator) => Client<Call>,
    (simulator: Simulator) => Client<Call>,
  ]
): Promise<void> {
  const steps = await play(scenario, inPython);
  const others = await play(scenario, inJavaScript);
  for (const [index, step] of steps.entries()) deepStrictEqual(step, others[index]);
  console.log(`${names} agree on ${String(scenario.calls.length)} calls`);
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${path.basename(command)} ${args.join(" ")} failed`);
}

/** @param kind which of the clients in client.py. */
function pythonClient<Call>(python: string, kind: string, { calls }: Scenario<Call>) {
  return (simulator: Simulator): Client<Call> => {
    const { stdin, stdout } = spawn(python, [path.join(__dirname, "client.py"), kind], {
      stdio: ["pipe", "pipe", "inherit"],
      env: {
        ...simulator.environment(),
        REQUESTS_CA_BUNDLE: simulator.certificateAuthorityFile,
        SIMULATOR_URL: simulator.url,
        RESOURCE_GROUP,
        ...(kind === "secrets" && { VAULT_URL: simulator.vault(VAULT).uri }),
      },
    });
    const answers = createInterface(stdout)[Symbol.asyncIterator]();
    let made = 0;
    return async (call) => {
      stdin.write(`${JSON.stringify(call)}\n`);
      const { value } = (await answers.next()) as { value: string | undefined };
      if (value === undefined) throw new Error(`client.py ended at ${JSON.stringify(call)}`);
      made += 1;
      if (made === calls.length) stdin.end();
      return JSON.parse(value) as Outcome;
    };
  };
}

main().catch((error: unknown) => {
  console.error(error);
  // A client that is still there waits for calls.
  process.exit(1);
});
