import { Vault } from "@pulumi/azure-native/keyvault";
import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { RotatedBatchAccount } from "pulumi-azure-batch-key-rotation/components";

const config = new pulumi.Config();
const azure = new pulumi.Config("azure-native");

const group = new ResourceGroup("batch", { location: azure.require("location") });

const vault = new Vault("batch", {
  resourceGroupName: group.name,
  properties: {
    sku: { family: "A", name: "standard" },
    tenantId: azure.require("tenantId"),
    enableRbacAuthorization: true,
  },
});

// The account, the rotation of its keys, and the secret that always holds the current one.
const batch = new RotatedBatchAccount("jobs", {
  account: { resourceGroupName: group.name },
  rotation: { version: config.getNumber("keyVersion") ?? 1 },
  secret: { vaultName: vault.name },
});

export const accountId = batch.accountId;
export const currentKeyName = batch.currentKeyName;
export const secretUri = batch.secret?.secretUri; // where applications read the key
