import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { PulumiInstallation } from "../tools/pulumi-cli/installation";
import { createWorkspace } from "../tools/workspace/createWorkspace";
import type { PulumiWorkspace } from "../tools/workspace/workspace";
import { BrokenMeasurement } from "./measure";
import type { SimulatorProcess } from "./simulatorProcess";

/**
 * A stack of rotations, or of as many dynamic resources that do nothing, or of such as keep as much
 * in state: what those take is Pulumi's own.
 */
export interface Stack {
  readonly workspace: PulumiWorkspace;
  /** Runs `pulumi up` without a preview, with this version, and answers its milliseconds. */
  up(version: number, expected: "created" | "updated" | "unchanged"): Promise<number>;
}

export interface StackOptions {
  readonly pulumi: PulumiInstallation;
  readonly project: "rotations" | "empty" | "sameState";
  readonly simulator: SimulatorProcess;
  readonly accountIds: readonly string[];
}

/** A stack of rotations, and one of as many dynamic resources that do nothing. */
export function withStackAndEmptyOne<Result>(
  options: Omit<StackOptions, "project">,
  work: (ours: Stack, empty: Stack) => Promise<Result>,
): Promise<Result> {
  return withStack({ ...options, project: "rotations" }, (ours) =>
    withStack({ ...options, project: "empty" }, (empty) => work(ours, empty)),
  );
}

/** Makes a stack with nothing in it, and removes it when the work is done, however it ends. */
export async function withStack<Result>(
  { pulumi, project, simulator, accountIds }: StackOptions,
  work: (stack: Stack) => Promise<Result>,
): Promise<Result> {
  const workspace = await createWorkspace({
    pulumi,
    project: path.join(__dirname, "projects", project),
    environment: simulator.environment,
  });
  try {
    await fs.writeFile(
      path.join(workspace.projectFolder, "accounts.json"),
      JSON.stringify(accountIds),
    );
    return await work({
      workspace,
      up: async (version, expected) => {
        await workspace.setConfig("version", String(version));
        const startedAt = performance.now();
        const { stdout } = await workspace.up({ skipPreview: true });
        const milliseconds = performance.now() - startedAt;
        // The stack itself is a resource, too, and no version changes it.
        const count = accountIds.length + (expected === "updated" ? 0 : 1);
        if (!stdout.includes(` ${String(count)} ${expected}\n`)) {
          const summary = stdout.slice(stdout.indexOf("Resources:"));
          throw new BrokenMeasurement(`not ${String(count)} resources ${expected}:\n${summary}`);
        }
        return milliseconds;
      },
    });
  } finally {
    await workspace.dispose();
  }
}
