import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { PulumiInstallation } from "../tools/pulumi-cli/installation";
import { createWorkspace } from "../tools/workspace/createWorkspace";
import type { ExportedResource } from "../tools/workspace/workspace";
import { BrokenMeasurement } from "./measure";
import type { SimulatorProcess } from "./simulatorProcess";

/**
 * A stack of rotations, or of as many dynamic resources that do nothing, or of such as keep as much
 * in state: what those take is Pulumi's own.
 */
export interface Stack {
  /** Runs `pulumi up` without a preview, with this version, and answers its milliseconds. */
  up(version: number, expected: "created" | "updated" | "unchanged"): Promise<number>;
  /** Its resources as the checkpoint has them. */
  resources(): Promise<ExportedResource[]>;
}

/** Bytes of a part of the checkpoint, which is written as compact JSON. */
export function bytesInState(part: unknown): number {
  return Buffer.byteLength(JSON.stringify(part));
}

export interface StackOptions {
  readonly pulumi: PulumiInstallation;
  readonly project: "rotations" | "empty" | "sameState";
  readonly simulator: SimulatorProcess;
  readonly accountIds: readonly string[];
}

/** A stack of rotations, and what Pulumi takes by itself. */
export interface Stacks {
  readonly ours: Stack;
  /** As many dynamic resources that do nothing. */
  readonly empty: Stack;
  /** The same, which keep as much in state as rotations do. */
  readonly sameState: Stack;
}

export function withStacks<Result>(
  options: Omit<StackOptions, "project">,
  work: (stacks: Stacks) => Promise<Result>,
): Promise<Result> {
  return withStack({ ...options, project: "rotations" }, (ours) =>
    withStack({ ...options, project: "empty" }, (empty) =>
      withStack({ ...options, project: "sameState" }, (sameState) =>
        work({ ours, empty, sameState }),
      ),
    ),
  );
}

/** What Pulumi takes by itself must not be overstated. */
export async function requireNoMoreState({ ours, sameState }: Stacks): Promise<void> {
  const [most, theirs] = [await largest(ours), await largest(sameState)];
  if (theirs <= most && theirs > most * 0.95) return;
  throw new BrokenMeasurement(
    `a resource that is to keep as much in state as a rotation keeps ${String(theirs)} bytes in place of ${String(most)}`,
  );
}

async function largest(stack: Stack): Promise<number> {
  return Math.max(...(await stack.resources()).map(bytesInState));
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
      resources: async () => {
        const { deployment } = await workspace.stackExport();
        const resources = (deployment.resources ?? []).filter(({ type }) =>
          type.startsWith("pulumi-nodejs:dynamic"),
        );
        if (resources.length === accountIds.length) return resources;
        throw new BrokenMeasurement(
          `${String(resources.length)} resources in state, not ${String(accountIds.length)}`,
        );
      },
    });
  } finally {
    await workspace.dispose();
  }
}
