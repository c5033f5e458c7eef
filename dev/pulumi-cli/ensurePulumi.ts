import type { Progress } from "../progress";
import { buildPulumi } from "./build";
import { downloadPulumi } from "./download";
import { findCachedPulumi, findPulumi } from "./find";
import {
  cachedExecutable,
  type Environment,
  installationRoot,
  PULUMI_VERSION,
  type PulumiInstallation,
} from "./installation";
import { withLock } from "./lock";
import { withPlugins } from "./plugins";

export interface EnsurePulumiOptions {
  /** Tells what happens: a build takes minutes. */
  readonly progress: Progress;
  /** Where PATH, PULUMI_HOME and Go's settings are read. @default process.env */
  readonly environment?: Environment;
  /** Whether the official CLI may be downloaded. @default true */
  readonly download?: boolean;
}

/**
 * Finds a Pulumi CLI that runs Node.js programs, or gets one: by the official download, and where
 * that cannot be reached by building it from source.
 */
export async function ensurePulumi(options: EnsurePulumiOptions): Promise<PulumiInstallation> {
  const { progress, environment = process.env } = options;
  if (process.platform === "win32") {
    throw new Error(
      "The tools around the Pulumi CLI need a POSIX system. Run this command in WSL, the Windows Subsystem for Linux.",
    );
  }
  const found = await findPulumi(environment, (reason) => {
    progress.print(reason);
  });
  if (found !== undefined) return found;
  // Several commands may ask at once, and one download or build is enough for them.
  return withLock(`${installationRoot(environment)}.lock`, progress, async () => {
    return (await findCachedPulumi(environment)) ?? (await install(environment, options));
  });
}

async function install(
  environment: Environment,
  { progress, download = true }: EnsurePulumiOptions,
): Promise<PulumiInstallation> {
  const root = installationRoot(environment);
  const cached = cachedExecutable(environment);
  const obstacles: string[] = [];
  const attempt = async (get: () => Promise<void>): Promise<boolean> => {
    try {
      await get();
      return true;
    } catch (error) {
      obstacles.push((error as Error).message);
      progress.print((error as Error).message);
      return false;
    }
  };

  let source: PulumiInstallation["source"];
  if (download && (await attempt(() => downloadPulumi(root, progress)))) {
    source = "download";
  } else if (await attempt(() => buildPulumi(cached, environment, progress))) {
    source = "build";
  } else {
    throw new Error(whatToInstall(root, obstacles));
  }
  const executable = await withPlugins(cached, environment);
  return { executable, version: PULUMI_VERSION, source };
}

function whatToInstall(root: string, obstacles: readonly string[]): string {
  return [
    `There is no Pulumi CLI ${PULUMI_VERSION} or newer on PATH, none in ${root}, and none could be got:`,
    ...obstacles.map((obstacle) => `  - ${obstacle}`),
    "Do one of these, then run the command again:",
    `  - install the Pulumi CLI ${PULUMI_VERSION}: https://www.pulumi.com/docs/install/`,
    "  - install Go 1.26 or newer (https://go.dev/dl/), and the CLI is built from source.",
  ].join("\n");
}
