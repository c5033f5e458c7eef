import type { Progress } from "../progress";
import { buildGoProgram, type GoProgram } from "./goBuild";
import { type Environment, PULUMI_VERSION } from "./installation";

/** The first build takes about six minutes on two cores; the file is 115 MB. */
const PULUMI: GoProgram = {
  title: `the Pulumi CLI ${PULUMI_VERSION}`,
  duration: "about six minutes",
  module: __dirname,
  mainPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  version: ["github.com/pulumi/pulumi/sdk/v3/go/common/version.Version", `v${PULUMI_VERSION}`],
};

/** Builds the CLI from the sources that go.mod and go.sum beside this file pin. */
export function buildPulumi(
  executable: string,
  environment: Environment,
  progress: Progress,
): Promise<void> {
  return buildGoProgram(PULUMI, executable, environment, progress);
}
