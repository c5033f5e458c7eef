import { deepStrictEqual } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Simulator } from "../../../../simulator";
import { armBatchClient } from "../clients";
import { CALLS, play, RESOURCE_GROUP, type Client, type Outcome } from "../scenario";

/*
 * npm run agree: azure-mgmt-batch, Microsoft's client in Python, makes the calls of the agreement
 * test. Apart from npm test, which needs no Python.
 */

async function main(): Promise<void> {
  const folder = await fs.mkdtemp(path.join(tmpdir(), "azure-mgmt-batch-"));
  try {
    await run("python3", ["-m", "venv", folder]);
    const requirements = path.join(__dirname, "requirements.txt");
    await run(path.join(folder, "bin/pip"), ["install", "--quiet", "-r", requirements]);
    const python = path.join(folder, "bin/python");
    const steps = await play((simulator) => pythonClient(python, simulator));
    const others = await play(armBatchClient);
    for (const [index, step] of steps.entries()) deepStrictEqual(step, others[index]);
    console.log(`azure-mgmt-batch and @azure/arm-batch agree on ${String(CALLS.length)} calls`);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${path.basename(command)} ${args.join(" ")} failed`);
}

function pythonClient(python: string, simulator: Simulator): Client {
  const { stdin, stdout } = spawn(python, [path.join(__dirname, "client.py")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...simulator.environment(),
      REQUESTS_CA_BUNDLE: simulator.certificateAuthorityFile,
      SIMULATOR_URL: simulator.url,
      RESOURCE_GROUP,
    },
  });
  const answers = createInterface(stdout)[Symbol.asyncIterator]();
  return async (call) => {
    stdin.write(`${JSON.stringify(call)}\n`);
    const { value } = (await answers.next()) as { value: string | undefined };
    if (value === undefined) throw new Error(`client.py ended at ${JSON.stringify(call)}`);
    if (call === CALLS.at(-1)) stdin.end();
    return JSON.parse(value) as Outcome;
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
