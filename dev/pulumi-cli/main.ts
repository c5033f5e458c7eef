/** `npx tsx dev/pulumi-cli/main.ts` gets the Pulumi CLI that tests and demo use, and prints its path. */
import { Progress } from "../progress";
import { ensurePulumi } from "./ensurePulumi";

ensurePulumi({ progress: new Progress(process.stderr) }).then(
  ({ executable }) => process.stdout.write(`${executable}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
