const pulumi = require("@pulumi/pulumi");
const components = require("pulumi-azure-batch-key-rotation/components");

const { component, args } = new pulumi.Config().requireObject("args");

if (args.select === "throws") {
  args.select = ({ name }) => {
    throw new Error(`no tags on ${name}`);
  };
}
const made = new components[component]("jobs", args);

exports.currentKey = made.currentKey;
exports.rotated = made.rotated;
exports.skipped = made.skipped;
