import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  cachedExecutable,
  type Environment,
  findExecutable,
  isExecutable,
  PULUMI_VERSION,
  type PulumiInstallation,
} from "./installation";
import { hasLanguageHost, withPlugins } from "./plugins";

/**
 * The CLI on PATH, or else the pinned one in the versions folder, if either is there.
 * @param environment where PATH and PULUMI_HOME are read.
 * @param tell hears why a CLI on PATH is not used.
 */
export async function findPulumi(
  environment: Environment = process.env,
  tell: (reason: string) => void = () => undefined,
): Promise<PulumiInstallation | undefined> {
  return (await findOnPath(environment, tell)) ?? (await findCachedPulumi(environment));
}

export async function findCachedPulumi(
  environment: Environment,
): Promise<PulumiInstallation | undefined> {
  const cached = cachedExecutable(environment);
  if (!(await isExecutable(cached))) return undefined;
  const executable = await withPlugins(cached, environment);
  return { executable, version: PULUMI_VERSION, source: "cache" };
}

/**
 * The user's own CLI, if it is as new as the pinned one and of the same major. It need not be the
 * very same: this package has to work with the CLI that its users run, and theirs comes with the
 * official language host. Nothing is ever added to it, so one without the host is passed over.
 */
async function findOnPath(
  environment: Environment,
  tell: (reason: string) => void,
): Promise<PulumiInstallation | undefined> {
  const executable = await findExecutable("pulumi", environment);
  if (executable === undefined) return undefined;
  const found = await examine(executable, environment);
  if (typeof found !== "string") return found;
  tell(`Not using ${executable}: ${found}.`);
  return undefined;
}

/** The CLI, or why it is not used. */
async function examine(
  executable: string,
  environment: Environment,
): Promise<PulumiInstallation | string> {
  const version = await readVersion(executable);
  if (version === undefined) return '"pulumi version" does not print a version';
  if (!isCompatible(version)) return `it is ${version}, and ${PULUMI_VERSION} or newer is needed`;
  if (!(await hasLanguageHost(executable, environment))) return "it has no Node.js language host";
  return { executable, version, source: "path" };
}

/** What `pulumi version` says, without the v; undefined when the file does not answer. */
async function readVersion(executable: string): Promise<string | undefined> {
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
