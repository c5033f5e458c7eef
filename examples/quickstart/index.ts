import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation, type Rotate } from "pulumi-azure-batch-key-rotation";

const config = new pulumi.Config();

// Adopts an account that exists and rotates nothing yet. From then on, each change of keyVersion
// regenerates the key that nobody uses, tries it, and makes it the current one.
const rotation = new BatchAccountKeyRotation("keys", {
  accountId: config.require("accountId"),
  version: config.getNumber("keyVersion") ?? 1,
  liveKey: "Primary", // the key that your applications use today
  rotateOnCreate: false,
  rotate: config.get<Rotate>("rotate") ?? "Alternate", // after a leak: "Both"
});

export const currentKeyName = rotation.currentKeyName;
export const currentKey = rotation.currentKey; // a secret: give it to what signs in to the account
