const pulumi = require("@pulumi/pulumi");
const { BatchAccountKeyRotation } = require(process.env.ROTATION_PACKAGE);

/** A resource of another kind, for an alias that leads astray. */
class Foreign extends pulumi.dynamic.Resource {
  constructor(name, props) {
    const provider = { create: async (inputs) => ({ id: inputs.colour, outs: inputs }) };
    super(provider, name, props);
  }
}

/** Tells an account's id; another trigger deletes it first, and then makes it anew. */
class Source extends pulumi.dynamic.Resource {
  constructor(name, props) {
    const provider = {
      diff: async (_id, olds, news) => ({
        changes: olds.trigger !== news.trigger,
        replaces: olds.trigger === news.trigger ? [] : ["trigger"],
        deleteBeforeReplace: true,
      }),
      create: async (inputs) => ({ id: "source", outs: { ...inputs, accountId: inputs.account } }),
    };
    super(provider, name, { accountId: undefined, ...props });
  }
}

const { foreign, rotations = {} } = new pulumi.Config().requireObject("args");
if (foreign) new Foreign(foreign, { colour: "green" });

const made = {};
for (const [name, rotation] of Object.entries(rotations)) {
  const { args: given, accountIdOf, replaceWith, retries, ...options } = rotation;
  // The dynamic resource finds out by itself; the plugin's class has to be told.
  const args = { previewing: pulumi.runtime.isDryRun(), ...given };
  const opts = { ...options };
  if (replaceWith) opts.replaceWith = [made[replaceWith]];
  if (retries) {
    const again = new pulumi.ErrorHook(`retry-${name}`, ({ errors }) => errors.length <= retries);
    opts.hooks = { onError: [again] };
  }
  const source = accountIdOf && new Source(`${name}-source`, accountIdOf);
  made[name] = new BatchAccountKeyRotation(
    name,
    source ? { ...args, accountId: source.accountId } : args,
    opts,
  );
}

const each = (value) =>
  Object.fromEntries(Object.entries(made).map(([name, rotation]) => [name, value(rotation)]));
exports.currentKeys = each(({ currentKey }) => currentKey);
exports.decisions = each(({ generation, keyToRotate, rotationReason }) => ({
  generation,
  keyToRotate,
  rotationReason,
}));
