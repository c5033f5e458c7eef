import list from "../../schema.json";

/* The list of properties as the plugin has it, which is not in every word as the dynamic resource. */

const ROTATION = "azure-batch-key-rotation:index:BatchAccountKeyRotation";
const LISTING = "azure-batch-key-rotation:index:getBatchAccounts";

interface Property {
  readonly description?: string;
  readonly default?: boolean | number | string;
}

type Properties = Readonly<Record<string, Property>>;

const PREVIEWING = {
  description:
    "Whether this run is a preview: `pulumi.runtime.isDryRun()` in Node.js, `pulumi.runtime.is_dry_run()` in Python, `ctx.DryRun()` in Go. Only needed for `pulumi preview --save-plan` and `pulumi up --plan`: with it a plan that rotates holds for an update at any later time. The plugin takes it out: it is in no state.\n\nDefault: `false`",
  type: "boolean",
};

const CONFIG_NAMESPACE = {
  description:
    "The namespace of the stack's configuration for the credentials. An explicit provider's own arguments take its place.",
  type: "string",
};

/**
 * What the plugin answers to GetSchema, and what the SDKs are generated from: a specification of a
 * package, in Pulumi's format.
 * @param version the package's, without a v.
 */
export function pluginSchema(version: string) {
  const rotation = list.resources[ROTATION];
  const listing = list.functions[LISTING];
  const inputProperties: Properties = {
    ...asArguments(rotation.inputProperties),
    previewing: PREVIEWING,
  };
  return {
    ...list,
    version,
    provider: {
      description:
        "Credentials and cloud, under azure-native's names. What is not given here is read from the provider's environment.",
      inputProperties: list.config.variables,
    },
    resources: {
      [ROTATION]: {
        ...rotation,
        inputProperties,
        properties: { ...rotation.properties, configNamespace: CONFIG_NAMESPACE },
      },
    },
    functions: {
      [LISTING]: {
        ...listing,
        inputs: { ...listing.inputs, properties: asArguments(listing.inputs.properties) },
      },
    },
  };
}

/**
 * Without `configNamespace`, whose place explicit providers take. Defaults become words: an SDK would
 * fill in a value, and the plugin could not tell it from one that the program gives.
 */
function asArguments(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name !== "configNamespace")
      .map(([name, property]) => [name, asArgument(property)]),
  );
}

function asArgument({ description = "", default: value, ...rest }: Property): Property {
  const words = value === undefined ? "" : `\n\nDefault: \`${String(value)}\``;
  return {
    description: (description + words).replaceAll("azure-native:", `${list.name}:`),
    ...rest,
  };
}
