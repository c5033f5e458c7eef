import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Progress } from "../progress";
import { PULUMI_VERSION } from "./installation";

const INSTALLER = "https://get.pulumi.com/install.sh";

/** The installer would try for two minutes; a host that is silent for this long is out of reach. */
const PROBE_MS = 5_000;

/** Gets the official release, its language hosts included, as the Automation API does for users. */
export async function downloadPulumi(root: string, progress: Progress): Promise<void> {
  await probe();
  progress.print(`Downloading the Pulumi CLI ${PULUMI_VERSION} to ${root}.`);
  try {
    await PulumiCommand.install({ root });
  } catch (cause) {
    throw new Error(`The download of the Pulumi CLI failed: ${firstLine(cause)}`, { cause });
  }
}

async function probe(): Promise<void> {
  try {
    await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(PROBE_MS) });
  } catch (cause) {
    throw new Error(
      `The Pulumi CLI cannot be downloaded: ${new URL(INSTALLER).host} is out of reach.`,
      {
        cause,
      },
    );
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? "";
}
