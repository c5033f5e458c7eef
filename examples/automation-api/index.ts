import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";

const config = new pulumi.Config();

const rotation = new BatchAccountKeyRotation("keys", {
  accountId: config.require("accountId"),
  version: config.getNumber("keyVersion") ?? 1,
  liveKey: "Primary", // the key that your applications use today
  rotateOnCreate: false,
});

export const keyVersion = rotation.version;
export const currentKey = rotation.currentKey; // a secret
export const currentKeyName = rotation.currentKeyName;
export const rotatedKey = rotation.keyToRotate;
export const reason = rotation.rotationReason;
export const keyVerification = rotation.keyVerification;
