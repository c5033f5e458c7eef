const pulumi = require("@pulumi/pulumi");
const dynamic = require("pulumi-azure-batch-key-rotation");
const plugin = require("pulumi-azure-batch-key-rotation-sdk");

const TYPE = "azure-batch-key-rotation:index:BatchAccountKeyRotation";

/** The plugin's resource without the SDK, which has an alias of the dynamic one's type. */
class Bare extends pulumi.CustomResource {
  constructor(name, args) {
    const outputs = { currentKey: undefined, currentKeyName: undefined };
    super(TYPE, name, { ...outputs, ...args });
  }
}

const { by, provider, ...args } = new pulumi.Config().requireObject("args");

const explicit = provider && new plugin.Provider("explicit", provider);

const MAKE = {
  dynamic: () => new dynamic.BatchAccountKeyRotation("keys", args),
  plugin: () => new plugin.BatchAccountKeyRotation("keys", args, { provider: explicit }),
  "plugin without an alias": () => new Bare("keys", args),
  "dynamic again": () =>
    new dynamic.BatchAccountKeyRotation("keys", args, { aliases: [{ type: TYPE }] }),
};

const rotation = MAKE[by]();
exports.currentKey = rotation.currentKey;
exports.currentKeyName = rotation.currentKeyName;
