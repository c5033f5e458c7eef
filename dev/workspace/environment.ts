import * as path from "node:path";

import type { Environment } from "../pulumi-cli/installation";

/** What a process needs to work on a machine at all; everything else would leak into the run. */
const PASSED_ON = ["PATH", "LANG", "LC_ALL", "TZ", "TMPDIR"];

/**
 * The environment of a workspace's commands: no account, configuration, proxy, plugin or telemetry
 * of the person or the CI job that runs them.
 */
export function hermeticEnvironment(
  root: string,
  pulumiExecutable: string,
  host: Environment = process.env,
): Record<string, string> {
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = host[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passedOn),
    // The CLI first, so that it takes the plugins beside it; then the Node.js that runs this.
    PATH: [path.dirname(pulumiExecutable), path.dirname(process.execPath), host["PATH"] ?? ""].join(
      path.delimiter,
    ),
    HOME: path.join(root, "home"),
    PULUMI_HOME: pulumiHome(root),
    PULUMI_BACKEND_URL: `file://${path.join(root, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "hermetic",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A provider that is not there is an error at once, not a download that takes its time.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_CI_DETECTION: "true",
  };
}

/** Unique to the workspace and inherited by every process in it, so it also tells them apart. */
export function pulumiHome(root: string): string {
  return path.join(root, "pulumi-home");
}
