import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

/** Runs a command to its end; what it prints is told where it fails. */
export async function run(
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

export async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await fs.mkdtemp(path.join(tmpdir(), "sdk-"));
  try {
    await work(folder);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}
