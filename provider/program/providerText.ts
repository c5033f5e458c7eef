import * as pulumi from "@pulumi/pulumi";

/**
 * The provider as it stands in state, twice for each resource: the text of a module whose `handler`
 * returns it. It captures nothing and decides nothing, and is the same in every version of this
 * package, so that an upgrade changes no resource. `require` is resolved where the text runs, from
 * the folder of the user's project.
 */
const TEXT = 'exports.handler = () => require("pulumi-azure-batch-key-rotation/lifecycle");\n';

/**
 * What Pulumi makes a text of. The engine writes that after every step of an update, and of a
 * provider that does what ours does it would be ten times as long: ours goes in its place.
 */
export const placeholder = {} as pulumi.dynamic.ResourceProvider;

/** A dynamic resource's properties with our provider in the place of {@link placeholder}. */
export function withProvider(properties: pulumi.Inputs): pulumi.Inputs {
  // Pulumi is at work on its text: not waited for, it would go on after a user's test has ended.
  const pulumis = pulumi.output(properties["__provider"] as pulumi.Input<string>);
  return { ...properties, __provider: pulumis.apply(() => TEXT) };
}
