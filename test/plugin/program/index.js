const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require("pulumi-azure-batch-key-rotation-sdk");

const {
  name = "keys",
  import: id,
  tellsPreviews,
  ...args
} = new pulumi.Config().requireObject("args");
const previewing = tellsPreviews ? pulumi.runtime.isDryRun() : undefined;
const rotation = new BatchAccountKeyRotation(name, { ...args, previewing }, { import: id });

exports.currentKey = rotation.currentKey;
exports.generation = rotation.generation;
exports.rotationReason = rotation.rotationReason;
