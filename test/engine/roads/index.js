const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require("pulumi-azure-batch-key-rotation");

/** A resource of another kind, for an alias that leads astray. */
class Foreign extends pulumi.dynamic.Resource {
  constructor(name, props) {
    const provider = { create: async (inputs) => ({ id: inputs.colour, outs: inputs }) };
    super(provider, name, props);
  }
}

const { foreign, rotations = {} } = new pulumi.Config().requireObject("args");
if (foreign) new Foreign(foreign, { colour: "green" });

const made = {};
for (const [name, { args, replaceWith, retries, ...options }] of Object.entries(rotations)) {
  const opts = { ...options };
  if (replaceWith) opts.replaceWith = [made[replaceWith]];
  if (retries) {
    const again = new pulumi.ErrorHook(`retry-${name}`, ({ errors }) => errors.length <= retries);
    opts.hooks = { onError: [again] };
  }
  made[name] = new BatchAccountKeyRotation(name, args, opts);
}

const each = (value) =>
  Object.fromEntries(Object.entries(made).map(([name, rotation]) => [name, value(rotation)]));
exports.currentKeys = each(({ currentKey }) => currentKey);
exports.decisions = each(({ generation, keyToRotate, rotationReason }) => ({
  generation,
  keyToRotate,
  rotationReason,
}));
