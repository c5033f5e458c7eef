import {
  describe,
  listing,
  type ObjectSpec,
  type Properties,
  type PropertySpec,
  referredTo,
  rotation,
  typeNamed,
  typesIn,
  valuesOf,
} from "./schema";
import { comment, declaration, members, typeOf } from "./typescript";

/* The TypeScript that is made of the schema. */

/** What check decides: outputs for a program, but inputs in state. The compiler holds the list. */
const DECISION = [
  "generation",
  "keyToRotate",
  "rotationReason",
  "rotationDecidedAt",
  "keyToRevoke",
];

const { inputProperties: inputs, properties: outputs, required = [] } = rotation;

const names = Object.keys(outputs);
const isArgument = (name: string) => name in inputs;
const isDecided = (name: string) => DECISION.includes(name);

/** The resource's outputs whose names pass a test. */
function only(test: (name: string) => boolean): ObjectSpec {
  const properties = Object.fromEntries(Object.entries(outputs).filter(([name]) => test(name)));
  return { properties, required };
}

const undocumented = (spec: ObjectSpec) => members(spec, { documented: false });

const list = (values: readonly string[]) => JSON.stringify(values);

/** What an argument's value has to be, and what it is where the program gives none. */
function rule(spec: PropertySpec): string {
  const name = referredTo(spec);
  const values =
    name === undefined || valuesOf(name) === undefined ? "" : `values: VALUES.${name},`;
  const whenAbsent = spec.default === undefined ? "" : `default: ${JSON.stringify(spec.default)}`;
  const type = values === "" ? `type: ${JSON.stringify(typeOf(spec))},` : "";
  return `{ ${type} ${values} ${whenAbsent} }`;
}

export function properties(): string {
  const types = typesIn(outputs);
  const enums = types.filter((name) => valuesOf(name) !== undefined);
  return `
    /*
     * The plain values behind the resource's properties: what the lifecycle works on, and what stands
     * in state. provider/program has the types for users, with Input<> and documentation.
     */

    ${types.map((name) => declaration(name)).join("\n\n")}

    /** The arguments, resolved: every default filled in, the account named in full. */
    export interface RotationArguments { ${undocumented(only(isArgument))} }

    /** What check decides and adds to the inputs, so that a preview shows it and a retry keeps it. */
    export interface RotationDecision { ${undocumented(only(isDecided))} }

    /** The inputs as they stand in state. */
    export type RotationInputs = RotationArguments & RotationDecision;

    /** The outputs as they stand in state: every input that was carried out, and what came of it. */
    export type RotationOutputs = RotationInputs & {
      ${undocumented(only((name) => !isArgument(name) && !isDecided(name)))}
    };

    /** The values of the types above that are texts. */
    export const VALUES = {
      ${enums.map((name) => `${name}: ${list(valuesOf(name) ?? [])}`).join(",\n")}
    } as const;

    /** What each argument takes, and what it is where it is not given. */
    export const ARGUMENTS = {
      ${Object.entries(inputs)
        .map(([name, spec]) => `${name}: ${rule(spec)}`)
        .join(",\n")}
    } as const;

    export const ARGUMENT_NAMES = ${list(Object.keys(inputs))} as const;

    export const DECISION_NAMES = ${list(DECISION)} as const;

    /** The outputs that are no arguments. */
    export const OUTPUT_NAMES = ${list(names.filter((name) => !isArgument(name)))} as const;

    export const SECRET_OUTPUTS = ${list(names.filter((name) => outputs[name]?.secret))} as const;
  `;
}

/** Imports of the enums that properties have. */
function importEnums(properties: Properties): string {
  const enums = typesIn(properties).filter((name) => !isObject(name));
  return `import type { ${enums.join(", ")} } from "../rotation/properties";`;
}

export function rotationArgs(): string {
  return `
    import type * as pulumi from "@pulumi/pulumi";
    ${importEnums(inputs)}

    ${objectsIn(inputs).map(objectArgs).join("\n\n")}

    /** Which account to rotate, when, and how carefully. */
    export interface BatchAccountKeyRotationArgs {
      ${members({ properties: inputs }, { type: inputType })}
    }
  `;
}

function inputType(spec: PropertySpec): string {
  const name = referredTo(spec);
  const type = name !== undefined && isObject(name) ? `${name}Args` : typeOf(spec);
  return spec.plain === true ? type : `pulumi.Input<${type}>`;
}

const isObject = (name: string) => valuesOf(name) === undefined;
const objectsIn = (properties: Properties) => typesIn(properties).filter(isObject);

/** An object of the schema, as a program gives it. */
function objectArgs(name: string): string {
  const type = typeNamed(name);
  if (!("properties" in type)) return "";
  return `${comment(type.description ?? "")}export interface ${name}Args {
    ${members(type, { type: inputType })}
  }`;
}

/** The resource's outputs, as its class declares them. */
export function outputDeclarations(): string {
  return Object.entries(outputs)
    .map(([name, spec]) => {
      // The keys are there unless a program asks for a secret in their place: then it knows.
      const isThere = required.includes(name) || spec.secret === true;
      const type = isThere ? typeOf(spec) : `${typeOf(spec)} | undefined`;
      const text = comment(describe(spec).text, { indent: 2 });
      return `${text}declare readonly ${name}: pulumi.Output<${type}>;`;
    })
    .join("\n");
}

export function listingTypes(): string {
  const plain = { type: (spec: PropertySpec) => `${typeOf(spec)} | undefined` };
  const asOutputs = { type: (spec: PropertySpec) => `pulumi.Input<${typeOf(spec)} | undefined>` };
  // The list is the program's own: it may sort it.
  const result = { type: (spec: PropertySpec) => typeOf(spec).replace("readonly ", "") };
  return `
    import type * as pulumi from "@pulumi/pulumi";
    import type { BatchAccount } from "../azure/arm/batchAccount";

    /** ${listing.inputs.description ?? ""} */
    export interface GetBatchAccountsArgs { ${members(listing.inputs, plain)} }

    /** {@link GetBatchAccountsArgs}, with outputs of resources among them. */
    export interface GetBatchAccountsOutputArgs { ${members(listing.inputs, asOutputs)} }

    export interface GetBatchAccountsResult { ${members(listing.outputs, result)} }
  `;
}

export function batchAccount(): string {
  const account = typeNamed("BatchAccount");
  const nested = "properties" in account ? typesIn(account.properties) : [];
  return `
    /** A value that the service names today, or one that a later version may add. */
    type Open<Known extends string> = Known | (string & {});

    ${declaration("BatchAccount")}

    ${nested
      .filter((name) => valuesOf(name) === undefined)
      .map((name) => declaration(name, ""))
      .join("\n\n")}
  `;
}
