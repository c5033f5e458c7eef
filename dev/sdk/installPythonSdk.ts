import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SDK } from "./folders";
import { inTemporaryFolder, run } from "./run";

/**
 * Installs the SDK for Python in a folder, which PYTHONPATH may name: it asks for its own version, and so
 * cannot be imported from where it stands.
 * @param python what {@link ensurePython} has answered.
 */
export async function installPythonSdk(python: string, folder: string): Promise<void> {
  await inTemporaryFolder(async (copy) => {
    // Setuptools writes beside what it builds.
    await fs.cp(path.join(SDK, "python"), copy, { recursive: true });
    const options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"];
    await run(python, ["-m", "pip", "install", ...options, "--target", folder, copy]);
  });
}
