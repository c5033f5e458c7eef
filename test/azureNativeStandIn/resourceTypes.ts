import { defined, type Json, objectIn, pick } from "../support/json";

/** The outputs of a type: what each consists of, where that is known of it. */
export interface Shape {
  readonly [output: string]: Shape | true;
}

/** What azure-native's metadata says of a resource type, and how it converts it. */
export interface ResourceType {
  /** The `{placeholders}` are inputs; the last of them is the resource's name. */
  readonly path: string;
  readonly apiVersion: string;
  /** Whether it takes the location of its resource group, if it is given none. */
  readonly hasDefaultLocation: boolean;
  /** Whether a name that is made up is a GUID, and not the resource's with some digits. */
  readonly isNamedByGuid?: boolean;
  /** Whether it is there as soon as its parent is, so that creating it changes it. */
  readonly comesWithParent?: boolean;
  readonly outputs: Shape;
  /** The body of a PUT. */
  readonly body: (inputs: Json) => Json;
  /** The outputs from the body of a GET. */
  readonly read: (resource: Json) => Json;
}

const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/{vaultName}`;

/** What a Batch account's body and answer hold under `properties`, and azure-native beside it. */
const accountInputs = [
  "allowedAuthenticationModes",
  "autoStorage",
  "encryption",
  "keyVaultReference",
  "networkProfile",
  "poolAllocationMode",
  "publicNetworkAccess",
];

const tracked = shape(["azureApiVersion", "location", "name", "tags", "type"]);

/** By the type tokens that @pulumi/azure-native 3.28.0 registers. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  "azure-native:resources:ResourceGroup": {
    path: GROUP,
    apiVersion: "2024-03-01",
    hasDefaultLocation: false,
    outputs: { ...tracked, managedBy: true, properties: shape(["provisioningState"]) },
    body: (inputs) => pick(inputs, ["location", "managedBy", "tags"]),
    read: withoutId,
  },

  "azure-native:batch:BatchAccount": {
    path: `${GROUP}/providers/Microsoft.Batch/batchAccounts/{accountName}`,
    apiVersion: "2024-07-01",
    hasDefaultLocation: true,
    outputs: {
      ...tracked,
      ...shape(accountInputs),
      ...shape(["accountEndpoint", "activeJobAndJobScheduleQuota", "dedicatedCoreQuota"]),
      ...shape(["dedicatedCoreQuotaPerVMFamily", "dedicatedCoreQuotaPerVMFamilyEnforced"]),
      ...shape(["identity", "lowPriorityCoreQuota", "nodeManagementEndpoint", "poolQuota"]),
      ...shape(["privateEndpointConnections", "provisioningState", "systemData"]),
    },
    body: (inputs) => ({
      ...pick(inputs, ["location", "tags", "identity"]),
      properties: pick(inputs, accountInputs),
    }),
    read: (resource) => ({
      ...without(["id", "properties"], resource),
      ...objectIn(resource, "properties"),
    }),
  },

  "azure-native:keyvault:Vault": {
    path: VAULT,
    apiVersion: "2024-11-01",
    hasDefaultLocation: true,
    outputs: {
      ...tracked,
      systemData: true,
      properties: {
        ...shape(["accessPolicies", "enableSoftDelete", "enabledForDeployment"]),
        ...shape(["provisioningState", "publicNetworkAccess", "sku"]),
        ...shape(["softDeleteRetentionInDays", "tenantId", "vaultUri"]),
      },
    },
    body: (inputs) => pick(inputs, ["location", "tags", "properties"]),
    read: withoutId,
  },

  "azure-native:authorization:RoleAssignment": {
    path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    apiVersion: "2022-04-01",
    hasDefaultLocation: false,
    isNamedByGuid: true,
    outputs: {
      ...shape(["azureApiVersion", "name", "principalId", "principalType", "roleDefinitionId"]),
      ...shape(["scope", "type"]),
    },
    body: (inputs) => ({
      properties: pick(inputs, ["principalId", "principalType", "roleDefinitionId"]),
    }),
    read: (resource) => ({
      ...without(["id", "properties"], resource),
      ...objectIn(resource, "properties"),
    }),
  },

  "azure-native:web:WebAppApplicationSettings": {
    path: `${GROUP}/providers/Microsoft.Web/sites/{name}/config/appsettings`,
    apiVersion: "2025-05-01",
    hasDefaultLocation: false,
    comesWithParent: true,
    outputs: shape(["azureApiVersion", "kind", "name", "properties", "type"]),
    body: (inputs) => pick(inputs, ["kind", "properties"]),
    read: withoutId,
  },

  "azure-native:keyvault:Secret": {
    path: `${VAULT}/secrets/{secretName}`,
    apiVersion: "2024-11-01",
    hasDefaultLocation: false,
    outputs: {
      ...tracked,
      properties: {
        ...shape(["contentType", "secretUri", "secretUriWithVersion", "value"]),
        attributes: shape(["created", "enabled", "expires", "notBefore", "updated"]),
      },
    },
    // Key Vault's exp and nbf bear longer names in azure-native.
    body: (inputs) => {
      const properties = objectIn(inputs, "properties");
      const { expires: exp, notBefore: nbf, ...rest } = objectIn(properties, "attributes");
      const attributes = defined({ ...rest, exp, nbf });
      return { ...pick(inputs, ["tags"]), properties: { ...properties, attributes } };
    },
    read: (resource) => {
      const properties = objectIn(resource, "properties");
      const { exp: expires, nbf: notBefore, ...rest } = objectIn(properties, "attributes");
      const attributes = defined({ ...rest, expires, notBefore });
      return { ...withoutId(resource), properties: { ...properties, attributes } };
    },
  },
};

function shape(outputs: readonly string[]): Shape {
  return Object.fromEntries(outputs.map((output) => [output, true] as const));
}

/** Pulumi keeps the id beside the outputs. */
function withoutId(resource: Json): Json {
  return without(["id"], resource);
}

function without(names: readonly string[], json: Json): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
}
