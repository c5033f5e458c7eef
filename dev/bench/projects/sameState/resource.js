const { createHash } = require("node:crypto");

/* The provider's methods: they make up what a rotation would keep. */

const SECRET_OUTPUTS = ["primaryKey", "secondaryKey", "currentKey", "previousKey"];
/** What a program can read of a rotation: the SDK makes an output of each. */
const PROPERTIES = [
  ...SECRET_OUTPUTS,
  ...["accountId", "subscriptionId", "resourceGroupName", "accountName", "version", "rotate"],
  ...["liveKey", "rotateOnCreate", "rotateAfter", "minimumOverlap", "verifyKey"],
  ...["revokeOnDelete", "configNamespace", "currentKeyName", "accountEndpoint", "generation"],
  ...["keyToRotate", "rotationReason", "rotationDecidedAt", "rotatedAt", "nextRotationAt"],
  ...["primaryKeyFingerprint", "secondaryKeyFingerprint", "keyVerification"],
];

async function check(old, { accountId, version, __provider }) {
  const [, , subscriptionId, , resourceGroupName, , , , accountName] = accountId.split("/");
  const inputs = {
    ...{ accountId, subscriptionId, resourceGroupName, accountName, version, __provider },
    ...{ rotate: "Alternate", liveKey: "Primary", rotateOnCreate: true },
    ...{ verifyKey: "BestEffort", revokeOnDelete: false, configNamespace: "azure-native" },
    ...{ generation: version, keyToRotate: "Secondary", rotationReason: "VersionChanged" },
    rotationDecidedAt: version === old.version ? old.rotationDecidedAt : new Date().toISOString(),
  };
  return { inputs };
}

async function diff(id, outputs, inputs) {
  return { changes: outputs.version !== inputs.version };
}

async function create(inputs) {
  return { id: inputs.accountId, outs: outputsOf(inputs) };
}

async function update(id, outputs, inputs) {
  return { outs: outputsOf(inputs) };
}

function outputsOf(inputs) {
  const key = (name) =>
    createHash("sha512")
      .update(name + inputs.accountId + inputs.version)
      .digest("base64");
  const [primaryKey, secondaryKey] = [key("Primary"), key("Secondary")];
  const fingerprint = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);
  return {
    ...inputs,
    ...{ primaryKey, secondaryKey, currentKey: secondaryKey, previousKey: primaryKey },
    ...{ currentKeyName: "Secondary", keyVerification: "Verified" },
    ...{ accountEndpoint: "localhost:12345", rotatedAt: new Date().toISOString() },
    primaryKeyFingerprint: fingerprint(primaryKey),
    secondaryKeyFingerprint: fingerprint(secondaryKey),
  };
}

module.exports = { PROPERTIES, SECRET_OUTPUTS, check, diff, create, update };
