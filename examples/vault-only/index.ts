import { getClientConfigOutput, RoleAssignment } from "@pulumi/azure-native/authorization";
import { BatchAccount } from "@pulumi/azure-native/batch";
import { Vault } from "@pulumi/azure-native/keyvault";
import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";

const config = new pulumi.Config();
const azure = new pulumi.Config("azure-native");
const me = getClientConfigOutput(); // who runs this program

const group = new ResourceGroup("batch", { location: azure.require("location") });
const account = new BatchAccount("jobs", { resourceGroupName: group.name });
const vault = new Vault("batch", {
  resourceGroupName: group.name,
  properties: {
    sku: { family: "A", name: "standard" },
    tenantId: me.tenantId,
    enableRbacAuthorization: true,
  },
});

// Key Vault Secrets Officer: the rotation writes to the vault as the identity that runs it.
const OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const officer = new RoleAssignment("officer", {
  scope: vault.id,
  principalId: me.objectId,
  roleDefinitionId: pulumi.interpolate`/subscriptions/${me.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${OFFICER}`,
});

const rotation = new BatchAccountKeyRotation(
  "keys",
  {
    accountId: account.id,
    keyVaultSecret: { vaultUri: vault.properties.vaultUri },
    version: config.getNumber("keyVersion") ?? 1,
  },
  { dependsOn: officer },
);

export const accountId = rotation.accountId;
export const accountName = rotation.accountName;
export const accountUrl = pulumi.interpolate`https://${rotation.accountEndpoint}`;
export const currentKeyName = rotation.currentKeyName;
export const secretUri = rotation.secretUri; // where applications read the key
