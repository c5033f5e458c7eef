import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { PulumiInstallation } from "../pulumi-cli/installation";
import { createWorkspace } from "../workspace/createWorkspace";
import { addPlugin } from "../workspace/plugin";
import type { ExportedResource } from "../workspace/workspace";
import { BrokenMeasurement } from "./brokenMeasurement";
import type { SimulatorProcess } from "./simulatorProcess";

/** What a stack can be made of, one resource for each account; see projects/. */
export const KINDS = {
  rotations: "rotations",
  pluginRotations: "rotations by the provider plugin",
  vaultRotations: "rotations whose keys go to a Key Vault secret",
  empty: "empty dynamic resources",
  sameState: "dynamic resources that keep as much in state",
} as const;

export type Kind = keyof typeof KINDS;

export interface Stack {
  /** Runs `pulumi up` without a preview, with this version, and answers its milliseconds. */
  up(version: number, expected: "created" | "updated" | "unchanged"): Promise<number>;
  /** Its resources as the checkpoint has them. */
  resources(): Promise<ExportedResource[]>;
}

interface StackOptions {
  readonly pulumi: PulumiInstallation;
  readonly simulator: SimulatorProcess;
  readonly accountIds: readonly string[];
}

/** Makes stacks with nothing in them, and removes them when the work is done, however it ends. */
export async function withStacks<Name extends Kind, Result>(
  options: StackOptions,
  kinds: readonly Name[],
  work: (stacks: Readonly<Record<Name, Stack>>) => Promise<Result>,
): Promise<Result> {
  const opened = new Map<Name, DisposableStack>();
  try {
    for (const kind of kinds) opened.set(kind, await openStack(options, kind));
    return await work(Object.fromEntries<Stack>(opened) as Record<Name, Stack>);
  } finally {
    for (const stack of opened.values()) await stack.dispose();
  }
}

/** Bytes of a part of the checkpoint, which is written as compact JSON. */
export function bytesInState(part: unknown): number {
  return Buffer.byteLength(JSON.stringify(part));
}

/**
 * Refuses resources that keep more in state than rotations do, which would overstate what Pulumi
 * takes for as much, and such as keep less than 95 % of it.
 */
export async function requireAsMuchState({
  rotations,
  sameState,
}: Readonly<Record<"rotations" | "sameState", Stack>>): Promise<void> {
  const [ours, theirs] = [await largest(rotations), await largest(sameState)];
  if (theirs <= ours && theirs > ours * 0.95) return;
  throw new BrokenMeasurement(
    `a resource that is to keep as much in state as a rotation keeps ${String(theirs)} bytes in place of ${String(ours)}`,
  );
}

async function largest(stack: Stack): Promise<number> {
  return Math.max(...(await stack.resources()).map(bytesInState));
}

interface DisposableStack extends Stack {
  dispose(): Promise<void>;
}

async function openStack(
  { pulumi, simulator, accountIds }: StackOptions,
  kind: Kind,
): Promise<DisposableStack> {
  const workspace = await createWorkspace({
    pulumi,
    project: path.join(__dirname, "projects", kind),
    environment: { ...simulator.environment, VAULT_URI: simulator.vaultUri },
  });
  if (/plugin/i.test(kind)) await addPlugin(workspace);
  await fs.writeFile(
    path.join(workspace.projectFolder, "accounts.json"),
    JSON.stringify(accountIds),
  );
  return {
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
        /^(pulumi-nodejs:dynamic|azure-batch-key-rotation:)/.test(type),
      );
      if (resources.length === accountIds.length) return resources;
      throw new BrokenMeasurement(
        `${String(resources.length)} resources in state, not ${String(accountIds.length)}`,
      );
    },
    dispose: () => workspace.dispose(),
  };
}
