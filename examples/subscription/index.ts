import * as pulumi from "@pulumi/pulumi";
import { SubscriptionKeyRotation } from "pulumi-azure-batch-key-rotation/components";

const config = new pulumi.Config();

const rotations = new SubscriptionKeyRotation("keys", {
  select: ({ tags }) => tags?.["rotateKeys"] === "true",
  rotation: {
    liveKey: "Primary", // the key that their applications hold today
    version: config.getNumber("keyVersion") ?? 1,
    rotateAfter: "P90D",
  },
});

export const rotated = rotations.rotated;
export const skipped = rotations.skipped; // tagged, but without shared keys
