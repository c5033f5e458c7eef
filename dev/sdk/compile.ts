import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { ensureGo, writeGoModule } from "../languages/ensureGo";
import { ensurePython } from "../languages/ensurePython";
import type { Progress } from "../progress";
import { GO_FLAGS, GO_VARIABLES } from "../pulumi-cli/goBuild";
import { SDK } from "./folders";

/** Makes the SDK for Node.js a package, as it would be published, in a folder. */
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
    const [, module = ""] =
      /^module (\S+)$/m.exec(await fs.readFile(path.join(SDK, "go", "go.mod"), "utf8")) ?? [];
    const env = { ...process.env, ...GO_VARIABLES };
    await run(go, ["vet", ...GO_FLAGS, `${module}/...`], { cwd: folder, env });
  });
}

/**
 * Installs the SDK for Python in a folder, which PYTHONPATH may name: it asks for its own version, and so
 * cannot be imported from where it stands.
 */
export async function installPythonSdk(folder: string, progress: Progress): Promise<void> {
  const python = await ensurePython(progress);
  await inTemporaryFolder(async (copy) => {
    // Setuptools writes beside what it builds.
    await fs.cp(path.join(SDK, "python"), copy, { recursive: true });
    const options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"];
    await run(python, ["-m", "pip", "install", ...options, "--target", folder, copy]);
  });
}

/** Compiles every file of the SDK for Python, and imports it with Pulumi's. */
export async function compilePythonSdk(progress: Progress): Promise<void> {
  const python = await ensurePython(progress);
  await inTemporaryFolder(async (folder) => {
    await installPythonSdk(folder, progress);
    await run(python, ["-m", "compileall", "-q", folder]);
    await run(python, ["-c", "import pulumi_azure_batch_key_rotation"], { cwd: folder });
  });
}

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await fs.mkdtemp(path.join(tmpdir(), "sdk-compile-"));
  try {
    await work(folder);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  try {
    await promisify(execFile)(command, args, options);
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(
      [`"${path.basename(command)} ${args.join(" ")}" failed:`, stdout, stderr]
        .filter(Boolean)
        .join("\n"),
      { cause: error },
    );
  }
}
