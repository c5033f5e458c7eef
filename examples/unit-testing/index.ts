import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";

const config = new pulumi.Config();

const rotation = new BatchAccountKeyRotation("keys", {
  accountId: config.require("accountId"),
  version: config.getNumber("keyVersion") ?? 1,
});

// What an application of ours reads at its start: a secret, because the key in it is one.
export const batchSettings = pulumi.jsonStringify({
  endpoint: pulumi.interpolate`https://${rotation.accountEndpoint}`,
  key: rotation.currentKey,
});
