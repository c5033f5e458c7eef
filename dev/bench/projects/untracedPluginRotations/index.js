const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require("pulumi-azure-batch-key-rotation-sdk");

// The bench writes it: a thousand ids are too long for a setting.
const accountIds = JSON.parse(readFileSync("accounts.json", "utf8"));
const version = new pulumi.Config().requireNumber("version");

// The SDK takes a trace for each property, and looks it up in source maps. The class of the npm package
// spares its programs that by itself.
Error.stackTraceLimit = 0;

accountIds.forEach((accountId, index) => {
  new BatchAccountKeyRotation(`rotation${index}`, { accountId, version });
});
