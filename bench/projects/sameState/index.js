const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");

// The bench writes it: a thousand ids are too long for a setting.
const accountIds = JSON.parse(readFileSync("accounts.json", "utf8"));
const version = new pulumi.Config().requireNumber("version");

/*
 * What Pulumi takes for a resource that keeps as much in state as a rotation does: the same
 * properties, four secrets among them, and a provider whose text is about as long. Its keys change
 * with the version, and nobody is asked for them.
 */
const provider = {
  create: async (inputs) => ({ id: inputs.accountId, outs: provider.outputs(inputs) }),
  update: async (id, old, inputs) => ({ outs: provider.outputs(inputs) }),
  outputs: (inputs) => {
    const key = (name) =>
      require("node:crypto")
        .createHash("sha512")
        .update(name + inputs.version)
        .digest("base64");
    const [primaryKey, secondaryKey] = [key("Primary"), key("Secondary")];
    const [currentKey, previousKey] = [primaryKey, secondaryKey];
    return { ...inputs, primaryKey, secondaryKey, currentKey, previousKey };
  },
};

accountIds.forEach((accountId, index) => {
  const [, , subscriptionId, , resourceGroupName, , , , accountName] = accountId.split("/");
  new pulumi.dynamic.Resource(
    provider,
    `resource${index}`,
    {
      ...{ accountId, subscriptionId, resourceGroupName, accountName, version },
      ...{ rotate: "Alternate", liveKey: "Primary", rotateOnCreate: true },
      ...{ verifyKey: "BestEffort", revokeOnDelete: false, configNamespace: "azure-native" },
      ...{ generation: version, keyToRotate: "Secondary", rotationReason: "VersionChanged" },
      ...{ accountEndpoint: "localhost:12345", currentKeyName: "Secondary" },
      ...{ primaryKeyFingerprint: "0123456789abcdef", secondaryKeyFingerprint: "0123456789abcdef" },
      ...{ rotationDecidedAt: "2026-01-01T00:00:00.000Z", rotatedAt: "2026-01-01T00:00:00.000Z" },
      keyVerification: "Verified",
    },
    { additionalSecretOutputs: ["primaryKey", "secondaryKey", "currentKey", "previousKey"] },
  );
});
