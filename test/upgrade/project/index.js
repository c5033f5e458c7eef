const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require(
  process.env.ROTATION_PACKAGE ?? "pulumi-azure-batch-key-rotation",
);
const { SubscriptionKeyRotation } = require("pulumi-azure-batch-key-rotation/components");

// Written for version 0.1.0, with which it made test/fixtures/stack-0.1.0.json. The plugin's SDK, whose
// class has the same name, takes the package's place where a test says so; components stay as they are.
const versions = new pulumi.Config().requireObject("args");

function rotation(accountName, args) {
  const version = versions[accountName];
  const { currentKey } = new BatchAccountKeyRotation(accountName, {
    resourceGroupName: "apps",
    accountName,
    version,
    ...args,
  });
  exports[accountName] = currentKey;
}

rotation("byversion", {});
rotation("scheduled", { rotateAfter: "P50Y" });
rotation("adopted", { rotateOnCreate: false, liveKey: "Secondary" });

const fleet = new SubscriptionKeyRotation("fleet", {
  select: ({ tags }) => tags?.["fleet"] === "yes",
  rotation: { version: versions.fleet },
});
exports.rotated = fleet.rotated;
