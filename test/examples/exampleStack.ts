import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "../../dev/workspace/packedPackage";
import { EngineFixture } from "../support/engineFixture";

export const EXAMPLES = path.join(REPOSITORY, "examples");

/** A copy of an example on an empty stack, under the real engine, and the simulator that it talks to. */
export function startExample(name: string): Promise<EngineFixture> {
  return EngineFixture.start({ project: path.join(EXAMPLES, name) });
}

/** The stack's outputs, secrets in clear: whether a key works is for the simulator to say. */
export async function outputsOf(engine: EngineFixture): Promise<Record<string, string>> {
  return (await engine.workspace.outputs({ showSecrets: true })) as Record<string, string>;
}

/** Runs a command in the example's folder as a user would, after `npm install`. */
export async function runInProject(
  { workspace }: EngineFixture,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = workspace.environment,
): Promise<{ stdout: string; stderr: string }> {
  const bin = path.join(workspace.projectFolder, "node_modules", ".bin");
  // npm makes this one too; the first command of a workspace finds it missing.
  await fs.symlink(path.join(REPOSITORY, "node_modules", ".bin"), bin).catch(() => undefined);
  return promisify(execFile)(command, args, {
    cwd: workspace.projectFolder,
    env,
  });
}
