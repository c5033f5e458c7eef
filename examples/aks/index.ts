import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";

const config = new pulumi.Config();

const rotation = new BatchAccountKeyRotation("keys", {
  accountId: config.require("accountId"),
  liveKey: "Primary", // the key that your pods hold today
  rotateOnCreate: false,
  version: config.getNumber("keyVersion") ?? 1,
});

// Without a name of its own: another key is another Secret, and the pods that name it are others, too.
const secret = new Secret("batch-key", { stringData: { key: rotation.currentKey } });

const labels = { app: "jobs" };

const deployment = new Deployment("jobs", {
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: "jobs",
            image: config.require("image"),
            env: [
              { name: "BATCH_ACCOUNT_NAME", value: rotation.accountName },
              {
                name: "BATCH_ACCOUNT_URL",
                value: pulumi.interpolate`https://${rotation.accountEndpoint}`,
              },
              {
                name: "BATCH_ACCOUNT_KEY",
                valueFrom: { secretKeyRef: { name: secret.metadata.name, key: "key" } },
              },
            ],
          },
        ],
      },
    },
  },
});

export const currentKeyName = rotation.currentKeyName;
export const deploymentName = deployment.metadata.name;
