import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Progress } from "../progress";
import { type Environment, findExecutable } from "../pulumi-cli/installation";
import { withLock } from "../pulumi-cli/lock";
import { languagesFolder } from "./folder";

/** The Python SDK, and what the SDK that is generated asks for beside it. */
const REQUIREMENTS = path.join(__dirname, "requirements.txt");

const WHAT_TO_INSTALL = "Install Python 3.10 or newer: https://www.python.org/downloads/";

/**
 * Makes sure of a Python with Pulumi's SDK, in a virtual environment that all checkouts use.
 * @returns its executable.
 */
export async function ensurePython(
  progress: Progress,
  environment: Environment = process.env,
): Promise<string> {
  const python = await findExecutable("python3", environment);
  if (python === undefined) throw new Error(`There is no python3 on PATH. ${WHAT_TO_INSTALL}`);
  const folder = await folderFor(python, environment);
  const executable = path.join(folder, "bin", "python");
  const whole = path.join(folder, "whole");
  await withLock(`${folder}.lock`, progress, async () => {
    if (await exists(whole)) return;
    // What a killed command has left there.
    await fs.rm(folder, { recursive: true, force: true });
    progress.begin("Installing Pulumi's Python SDK");
    try {
      await run(python, ["-m", "venv", folder], environment).catch((error: unknown) => {
        throw new Error(
          `A virtual environment for Python could not be made. On Debian and Ubuntu, install python3-venv. ${String(error)}`,
        );
      });
      await run(executable, ["-m", "pip", "install", "-r", REQUIREMENTS], environment);
    } finally {
      progress.end();
    }
    await fs.writeFile(whole, "");
    progress.print(`Installed Pulumi's Python SDK in ${folder}.`);
  });
  return executable;
}

/** One for each Python and each list of packages. */
async function folderFor(python: string, environment: Environment): Promise<string> {
  // What is on PATH may be a shim, behind which another Python can come.
  const question = "import sys; print(sys.executable, sys.version_info >= (3, 10), sys.version)";
  const { stdout } = await run(python, ["-c", question], environment);
  if (!stdout.includes(" True ")) throw new Error(`${python} is too old. ${WHAT_TO_INSTALL}`);
  const key = createHash("sha256")
    .update(stdout)
    .update(await fs.readFile(REQUIREMENTS));
  return path.join(languagesFolder(environment), `python-${key.digest("hex").slice(0, 16)}`);
}

function run(command: string, args: readonly string[], environment: Environment) {
  return promisify(execFile)(command, args, { env: environment });
}

function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
