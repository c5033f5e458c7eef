import { execFile } from "node:child_process";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

/**
 * The release everything here is tested with. go.mod pins the same one for the build, and
 * package.json the same Node.js SDK, whose version is also the one the official download fetches.
 */
export const PULUMI_VERSION = "3.259.0";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A Pulumi CLI that runs Node.js programs. */
export interface PulumiInstallation {
  /** Absolute path of the CLI. Its folder, first on PATH, is all that a command needs. */
  readonly executable: string;
  readonly version: string;
  readonly source: "path" | "cache" | "download" | "build";
}

/** `$PULUMI_HOME/versions/<version>`: where Pulumi's own Automation API keeps its CLIs, too. */
export function installationRoot(environment: Environment): string {
  const home = environment["PULUMI_HOME"] ?? "";
  return path.join(
    home === "" ? path.join(homedir(), ".pulumi") : home,
    "versions",
    PULUMI_VERSION,
  );
}

export function cachedExecutable(environment: Environment): string {
  return path.join(installationRoot(environment), "bin", "pulumi");
}

/** The first executable file of this name in the folders of PATH. */
export async function findExecutable(
  name: string,
  environment: Environment,
): Promise<string | undefined> {
  for (const folder of (environment["PATH"] ?? "").split(path.delimiter)) {
    // An empty entry means the working directory: nobody means that for a tool.
    if (folder === "") continue;
    const candidate = path.resolve(folder, name);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/** Whether the path leads to a file that can be run; a link to nothing does not. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await fs.access(file, constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}

/** What `pulumi version` says, without the v; undefined when the file does not answer. */
export async function readVersion(executable: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(executable, ["version"], {
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: 30_000,
    });
    return /^v?(\d+\.\d+\.\d+\S*)/.exec(stdout.trim())?.[1];
  } catch {
    return undefined;
  }
}

/** Whether a CLI of this version can stand in for the pinned one: at least as new, same major. */
export function isCompatible(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [pinnedMajor = 0, pinnedMinor = 0, pinnedPatch = 0] = numbers(PULUMI_VERSION);
  if (major !== pinnedMajor) return false;
  return minor === pinnedMinor ? patch >= pinnedPatch : minor > pinnedMinor;
}

function numbers(version: string): number[] {
  return version.split(/[.+-]/, 3).map(Number);
}
