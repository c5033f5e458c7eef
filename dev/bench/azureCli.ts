import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { findExecutable } from "../pulumi-cli/installation";
import { REPOSITORY } from "../workspace/packedPackage";
import type { SimulatorProcess } from "./simulatorProcess";

const run = promisify(execFile);

const INSTALLED_IN = path.join(REPOSITORY, "node_modules/.cache/azure-cli");
const CLOUD = "Simulator";

/** Microsoft's `az`. */
export interface AzureCli {
  readonly executable: string;
}

/** The one on PATH; none if there is none. */
export async function findAzureCli(): Promise<AzureCli | undefined> {
  const executable = await findExecutable("az", process.env);
  return executable === undefined ? undefined : { executable };
}

/** Installs it from PyPI into a folder of its own, once: two minutes, and 730 MB. */
export async function installAzureCli(progress: (what: string) => void): Promise<AzureCli> {
  const executable = path.join(INSTALLED_IN, "bin/az");
  const isThere = await fs.access(executable).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    progress("installing azure-cli from PyPI, 730 MB");
    await run("python3", ["-m", "venv", INSTALLED_IN]);
    await run(path.join(INSTALLED_IN, "bin/pip"), ["install", "--quiet", "azure-cli"]);
  }
  return { executable };
}

/** Signs `az` in to the simulator, with a configuration of its own; the user's stays untouched. */
export async function withAzureCli<Result>(
  { executable }: AzureCli,
  simulator: SimulatorProcess,
  work: (renew: (accountId: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const folder = await fs.mkdtemp(path.join(tmpdir(), "bench-az-"));
  const az = async (...args: string[]): Promise<void> => {
    await run(executable, args, {
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        AZURE_CONFIG_DIR: folder,
        AZURE_CORE_COLLECT_TELEMETRY: "false",
        // The simulator's authority is not among those that Microsoft knows.
        AZURE_CORE_INSTANCE_DISCOVERY: "false",
        REQUESTS_CA_BUNDLE: simulator.certificateAuthorityFile,
      },
    });
  };
  try {
    const { url } = simulator;
    const { ARM_CLIENT_ID, ARM_CLIENT_SECRET, ARM_TENANT_ID } = simulator.environment;
    await az("cloud", "register", "--name", CLOUD, ...endpoints(url));
    await az("cloud", "set", "--name", CLOUD);
    await az(
      "login",
      "--service-principal",
      ...["--username", String(ARM_CLIENT_ID), "--tenant", String(ARM_TENANT_ID)],
      ...["--password", String(ARM_CLIENT_SECRET)],
    );
    return await work(async (accountId) => {
      const [, , , , resourceGroup = "", , , , name = ""] = accountId.split("/");
      const account = ["--resource-group", resourceGroup, "--name", name];
      await az("batch", "account", "keys", "renew", ...account, "--key-name", "secondary");
    });
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

function endpoints(url: string): string[] {
  return [
    ...["--endpoint-resource-manager", url],
    ...["--endpoint-active-directory", url],
    ...["--endpoint-active-directory-resource-id", `${url}/`],
    ...["--endpoint-active-directory-graph-resource-id", url],
    ...["--endpoint-management", url],
  ];
}
