import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { linkCommands } from "../../dev/workspace/nodeModules";
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
  await linkCommands(path.join(workspace.projectFolder, "node_modules"));
  return promisify(execFile)(command, args, {
    cwd: workspace.projectFolder,
    env,
  });
}
