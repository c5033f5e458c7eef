import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";
import { readRotations } from "./rotations";

// The accounts of this stack: fleet.ts writes them before it runs the update.
const rotations = readRotations(pulumi.getStack());

const keys = rotations.map(({ name, accountId, version }) => {
  const { currentKey } = new BatchAccountKeyRotation(name, {
    accountId,
    version,
    liveKey: "Primary", // the key that your applications use before the first rotation
    rotateOnCreate: false, // a new account is adopted: its first rotation is the next version's
  });
  return [accountId, currentKey] as const;
});

// When one account has failed, Pulumi keeps the outputs of before: fleet.ts sees it by the versions.
export const versions = Object.fromEntries(rotations.map(({ name, version }) => [name, version]));
export const currentKeys = pulumi.secret(Object.fromEntries(keys));
