import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";
import { readProgram } from "./rotations";

// The accounts of this stack: fleet.ts writes them before it runs the update.
const program = readProgram(pulumi.getStack());

const keys = program.rotations.map(({ name, accountId, version }) => {
  const { currentKey } = new BatchAccountKeyRotation(name, {
    accountId,
    version,
    liveKey: "Primary", // the key that your applications use before the first rotation
    rotateOnCreate: false, // a new account is adopted: its first rotation is the next version's
  });
  return [accountId, currentKey] as const;
});

// Pulumi keeps the outputs of before when one account has failed: by the version, fleet.ts tells that.
export const version = program.version;
export const currentKeys = pulumi.secret(Object.fromEntries(keys));
