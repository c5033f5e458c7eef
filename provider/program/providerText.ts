import * as pulumi from "@pulumi/pulumi";

/**
 * The provider as it stands in state, twice for each resource: the text of a module whose `handler`
 * returns it. It captures nothing and decides nothing, and is the same in every version of this
 * package, so that an upgrade changes no resource. `require` is resolved where the text runs, from
 * the folder of the user's project.
 */
const TEXT = 'exports.handler = () => require("pulumi-azure-batch-key-rotation/lifecycle");\n';

/** A dynamic resource's type is its class's name in a module of its own. */
export const MODULE = "azure-batch";
export const NAME = "BatchAccountKeyRotation";
export const TYPE = `pulumi-nodejs:dynamic/${MODULE}:${NAME}`;

/**
 * Of a provider with functions, the SDK would make a text ten times as long as {@link TEXT}, another
 * one in each version, and the engine writes it after every step of an update. So the SDK gets a
 * provider without any, and this transformation of the resource puts TEXT in the place of what it
 * makes of that. (It is waited for: else it would go on after a user's test has ended.) Resources that
 * have a rotation for a parent inherit the transformation, and are none of its business.
 */
export const writeProviderText: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (type !== TYPE) return undefined;
  const text = pulumi.output(props["__provider"] as pulumi.Input<string>).apply(() => TEXT);
  return { props: { ...props, __provider: text }, opts };
};

export const NO_PROVIDER = {} as pulumi.dynamic.ResourceProvider;
