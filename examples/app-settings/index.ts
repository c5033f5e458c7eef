import { WebAppApplicationSettings } from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";

const config = new pulumi.Config();

const rotation = new BatchAccountKeyRotation("keys", {
  accountId: config.require("accountId"),
  liveKey: "Primary", // the key that your app holds today
  rotateOnCreate: false,
  version: config.getNumber("keyVersion") ?? 1,
});

// All settings of the app: those that it leaves out are removed, and a Functions app needs the first three.
new WebAppApplicationSettings("settings", {
  resourceGroupName: config.require("resourceGroupName"),
  name: config.require("appName"),
  properties: {
    AzureWebJobsStorage__accountName: config.require("storageAccountName"),
    FUNCTIONS_EXTENSION_VERSION: "~4",
    FUNCTIONS_WORKER_RUNTIME: "node",
    BATCH_ACCOUNT_NAME: rotation.accountName,
    BATCH_ACCOUNT_URL: pulumi.interpolate`https://${rotation.accountEndpoint}`,
    BATCH_ACCOUNT_KEY: rotation.currentKey,
  },
});

export const currentKeyName = rotation.currentKeyName;
