const pulumi = require("@pulumi/pulumi");
const components = require("pulumi-azure-batch-key-rotation/components");

const {
  component,
  args,
  name = "jobs",
  tag,
  asOutputs,
} = new pulumi.Config().requireObject("args");

if (args.select === "throws") {
  args.select = ({ name }) => {
    throw new Error(`no tags on ${name}`);
  };
}
for (const property of Array.isArray(asOutputs) ? asOutputs : []) {
  args.account[property] = pulumi.output(args.account[property]);
}
if (asOutputs === true) args.rotation.keyVaultSecret = pulumi.output(args.rotation.keyVaultSecret);
const withTag = ({ type, props, opts }) =>
  type === "azure-native:batch:BatchAccount"
    ? { props: { ...props, tags: { tag } }, opts }
    : undefined;

const made = new components[component](name, args, {
  aliases: [{ name: "jobs" }],
  transforms: tag === undefined ? [] : [withTag],
});

exports.currentKey = made.currentKey;
exports.rotated = made.rotated;
exports.skipped = made.skipped;
exports.rotations = made.rotations;
exports.currentKeys = made.currentKeys;
