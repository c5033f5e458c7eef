import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { PulumiInstallation } from "../pulumi-cli/installation";
import { runCommand } from "../workspace/command";
import { createWorkspace } from "../workspace/createWorkspace";
import { REPOSITORY } from "../workspace/packedPackage";
import { BrokenMeasurement } from "./brokenMeasurement";
import type { SimulatorProcess } from "./simulatorProcess";

interface FleetOptions {
  readonly pulumi: PulumiInstallation;
  readonly simulator: SimulatorProcess;
  /** All accounts there are. */
  readonly accounts: number;
  /** Over how many stacks they are spread. */
  readonly stacks: number;
  /** How many are updated at once. */
  readonly parallel: number;
}

/** Has a copy of examples/fleet adopt all accounts, and answers the milliseconds that it took. */
export async function adoptFleet(options: FleetOptions): Promise<number> {
  const { pulumi, simulator, accounts, stacks, parallel } = options;
  const workspace = await createWorkspace({
    pulumi,
    project: path.join(REPOSITORY, "examples/fleet"),
    environment: simulator.environment,
  });
  try {
    const { projectFolder, environment } = workspace;
    const id = simulator.environment["ARM_SUBSCRIPTION_ID"];
    await fs.writeFile(
      path.join(projectFolder, "subscriptions.json"),
      JSON.stringify([{ id, stacks }]),
    );
    const tsx = path.join(REPOSITORY, "node_modules/.bin/tsx");
    const startedAt = performance.now();
    const { stdout } = await runCommand({ executable: tsx, cwd: projectFolder, env: environment }, [
      "fleet.ts",
      "--version",
      "1",
      "--parallel",
      String(parallel),
    ]);
    const milliseconds = performance.now() - startedAt;
    if (stdout.includes(`\n${String(accounts)} adopted\n`)) return milliseconds;
    throw new BrokenMeasurement(`not ${String(accounts)} accounts adopted:\n${stdout}`);
  } finally {
    await workspace.dispose();
  }
}
