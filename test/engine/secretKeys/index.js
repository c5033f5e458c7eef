const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require("pulumi-azure-batch-key-rotation");

const told = new pulumi.ResourceHook("told", async ({ newOutputs }) => {
  const { primaryKey, secondaryKey, currentKey, previousKey } = newOutputs;
  const keys = [primaryKey, secondaryKey, currentKey, previousKey];
  const areSecret = await Promise.all(keys.map((key) => pulumi.isSecret(pulumi.output(key))));
  console.log(`the hook got ${areSecret.every(Boolean) ? "secrets" : "keys in clear"}`);
});

const rotation = new BatchAccountKeyRotation("keys", new pulumi.Config().requireObject("args"), {
  hooks: { afterCreate: [told], afterUpdate: [told] },
  // What the class asks for besides is taken away: what is left is the provider's own word.
  transforms: [({ props, opts }) => ({ props, opts: { ...opts, additionalSecretOutputs: [] } })],
});
exports.currentKey = rotation.currentKey;
