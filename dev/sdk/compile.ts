import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureGo, sdkModule, writeGoModule } from "../languages/ensureGo";
import { ensurePython } from "../languages/ensurePython";
import type { Progress } from "../progress";
import { GO_FLAGS, GO_VARIABLES } from "../pulumi-cli/goBuild";
import { SDK } from "./folders";
import { installPythonSdk } from "./installPythonSdk";
import { inTemporaryFolder, run } from "./run";

/**
 * Makes the SDK for Node.js a package, as it would be published, in a folder. Node.js has to find
 * @pulumi/pulumi from there.
 */
export async function compileNodeSdk(folder: string): Promise<void> {
  const source = path.join(SDK, "nodejs");
  const tsc = require.resolve("typescript/bin/tsc");
  await run(process.execPath, [tsc, "-p", source, "--outDir", folder]);
  await fs.copyFile(path.join(source, "package.json"), path.join(folder, "package.json"));
}

/** Compiles the SDK for Go, with what Go's vet finds. */
export async function compileGoSdk(progress: Progress): Promise<void> {
  const go = await ensureGo(progress);
  await inTemporaryFolder(async (folder) => {
    await writeGoModule(folder);
    const env = { ...process.env, ...GO_VARIABLES };
    await run(go, ["vet", ...GO_FLAGS, `${await sdkModule()}/...`], { cwd: folder, env });
  });
}

/** Compiles every file of the SDK for Python, and imports it with Pulumi's. */
export async function compilePythonSdk(progress: Progress): Promise<void> {
  const python = await ensurePython(progress);
  await inTemporaryFolder(async (folder) => {
    await installPythonSdk(python, folder);
    await run(python, ["-m", "compileall", "-q", folder]);
    await run(python, ["-c", "import pulumi_azure_batch_key_rotation"], { cwd: folder });
  });
}
