const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require(process.env.ROTATION_PACKAGE);

const { get, second, foreignProvider, customTimeouts, ...args } = new pulumi.Config().requireObject(
  "args",
);

const opts = foreignProvider
  ? { provider: new pulumi.ProviderResource("pulumi-nodejs-like", "foreign", {}) }
  : { customTimeouts };
const rotation = get
  ? BatchAccountKeyRotation.get("keys", get)
  : new BatchAccountKeyRotation("keys", args, opts);
if (second) new BatchAccountKeyRotation("second", second);

exports.currentKey = rotation.currentKey;
exports.currentKeyName = rotation.currentKeyName;
exports.keyVerification = rotation.keyVerification;
