import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";

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
