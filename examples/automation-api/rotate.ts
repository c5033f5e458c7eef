import { LocalWorkspace } from "@pulumi/pulumi/automation";

/** What the preview of a rotation tells, as far as this script repeats it. */
interface Plan {
  readonly keyToRotate: string;
  readonly rotationReason: string;
}

/** Rotates one key of a stack that is up, and tells which and why. No key is printed. */
async function rotate(stackName: string): Promise<void> {
  const stack = await LocalWorkspace.selectStack({ stackName, workDir: __dirname });
  const { keyVersion } = await stack.outputs();
  if (keyVersion === undefined) {
    throw new Error(`Run "pulumi up" once: ${stackName} is not up yet.`);
  }

  // One more than the last update finished with: after a failure, running this again goes on with
  // the same rotation and begins no other.
  const version = Number(keyVersion.value) + 1;
  await stack.setConfig("keyVersion", { value: String(version) });

  console.log(`keyVersion: ${String(version)}`);
  await stack.preview({
    onEvent: ({ resourcePreEvent: step }) => {
      if (step?.metadata.type.endsWith(":BatchAccountKeyRotation") !== true) return;
      const plan = step.metadata.new?.inputs as Plan | undefined;
      if (plan) console.log(`will regenerate: ${plan.keyToRotate} (${plan.rotationReason})`);
    },
  });

  const { outputs } = await stack.up();
  const told = (name: string): string => String(outputs[name]?.value);
  console.log(`regenerated: ${told("rotatedKey")} (${told("reason")})`);
  console.log(`current key: ${told("currentKeyName")} (${told("keyVerification")})`);
}

rotate(process.argv[2] ?? "dev").catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
