import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Progress } from "../progress";
import { buildGoProgram, type GoProgram } from "../pulumi-cli/goBuild";
import {
  type Environment,
  isExecutable,
  type PulumiInstallation,
} from "../pulumi-cli/installation";
import { withLock } from "../pulumi-cli/lock";
import { addPlugin, findPlugin } from "../pulumi-cli/plugins";
import { languagesFolder } from "./folder";

/** The newest release that compiles with the pinned CLI's packages. go.mod pins the same one. */
export const YAML_VERSION = "1.38.0";

const NAME = "pulumi-language-yaml";

const YAML_HOST: GoProgram = {
  title: `Pulumi's YAML language host ${YAML_VERSION}`,
  duration: "about half a minute after the Pulumi CLI, some minutes without",
  module: __dirname,
  mainPackage: `github.com/pulumi/pulumi-yaml/cmd/${NAME}`,
  version: ["github.com/pulumi/pulumi-yaml/pkg/version.Version", `v${YAML_VERSION}`],
};

/**
 * Makes sure that a CLI runs YAML programs. The official release does; one that was built from source
 * gets a host that is built as it was itself.
 * @returns the host's executable.
 */
export async function ensureYamlHost(
  { executable, source }: PulumiInstallation,
  progress: Progress,
  environment: Environment = process.env,
): Promise<string> {
  const built = path.join(languagesFolder(environment), `yaml-${YAML_VERSION}`, NAME);
  const found = await findPlugin(executable, NAME, environment);
  const target = found && (await fs.realpath(found));
  // A link of ours may lead to an older one.
  const isOurs = target?.startsWith(languagesFolder(environment)) === true;
  if (found !== undefined && (!isOurs || target === built)) return found;
  if (source === "path") {
    throw new Error(
      `${executable} has no ${NAME}, and nothing is added to a CLI on PATH. Install the official Pulumi CLI, which has it: https://www.pulumi.com/docs/install/`,
    );
  }
  await withLock(`${path.dirname(built)}.lock`, progress, async () => {
    if (await isExecutable(built)) return;
    await buildGoProgram(YAML_HOST, built, environment, progress);
  });
  await addPlugin(built, executable);
  return path.join(path.dirname(executable), NAME);
}
