import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";

const config = new pulumi.Config();

const rotation = new BatchAccountKeyRotation("keys", {
  accountId: config.require("accountId"),
  liveKey: "Primary", // the key that your applications use today
  rotateOnCreate: false,
  rotateAfter: "P90D", // the first `pulumi up` after 90 days rotates
  version: config.getNumber("keyVersion") ?? 1, // and so does a larger number, sooner
  minimumOverlap: "P7D", // but a retired key stays valid for a week at least
});

export const currentKey = rotation.currentKey; // a secret
export const nextRotationAt = rotation.nextRotationAt;
