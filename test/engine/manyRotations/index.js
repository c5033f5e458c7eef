const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require(process.env.ROTATION_PACKAGE);

const args = new pulumi.Config().requireObject("args");

exports.currentKeys = Object.fromEntries(
  Object.entries(args).map(([name, its]) => [
    name,
    new BatchAccountKeyRotation(name, its).currentKey,
  ]),
);
