import * as fs from "node:fs";
import * as path from "node:path";
import { REPOSITORY } from "../workspace/packedPackage";

/* provider/schema.json, as Pulumi has it: https://www.pulumi.com/docs/iac/extending-pulumi/schema/ */

export const SCHEMA_FILE = "provider/schema.json";

export interface TypeSpec {
  readonly type?: string;
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
  readonly $ref?: string;
  /** Whether a program has to give it as it is, without Input<>. */
  readonly plain?: boolean;
}

export interface PropertySpec extends TypeSpec {
  readonly description?: string;
  readonly default?: boolean | number | string;
  readonly secret?: boolean;
}

export type Properties = Readonly<Record<string, PropertySpec>>;

export interface ObjectSpec {
  readonly description?: string;
  readonly properties: Properties;
  readonly required?: readonly string[];
}

interface EnumSpec {
  readonly description?: string;
  readonly enum: readonly { readonly value: string }[];
}

interface Schema {
  readonly name: string;
  readonly config: { readonly variables: Properties };
  readonly resources: Readonly<
    Record<string, ObjectSpec & { readonly inputProperties: Properties }>
  >;
  readonly functions: Readonly<
    Record<string, { readonly inputs: ObjectSpec; readonly outputs: ObjectSpec }>
  >;
  readonly types: Readonly<Record<string, ObjectSpec | EnumSpec>>;
}

const schema = JSON.parse(fs.readFileSync(path.join(REPOSITORY, SCHEMA_FILE), "utf8")) as Schema;

/** What the schema has under a name, which its tokens put behind the package's. */
function named<Spec>(specs: Readonly<Record<string, Spec>>, name: string): Spec {
  const spec = specs[`${schema.name}:index:${name}`];
  if (spec === undefined) throw new Error(`${SCHEMA_FILE} has no "${name}".`);
  return spec;
}

export const rotation = named(schema.resources, "BatchAccountKeyRotation");
export const listing = named(schema.functions, "getBatchAccounts");
export const settings = schema.config.variables;

export const typeNamed = (name: string): ObjectSpec | EnumSpec => named(schema.types, name);

/** The name of the type that a specification refers to. */
export function referredTo({ $ref }: TypeSpec): string | undefined {
  return $ref?.split(":").at(-1);
}

/** The values of an enum by its name; undefined for an object. */
export function valuesOf(name: string): readonly string[] | undefined {
  const type = typeNamed(name);
  return "enum" in type ? type.enum.map(({ value }) => value) : undefined;
}

/** The enum of a value that the service names today, or one that a later version may add. */
export function openEnum({ oneOf = [] }: TypeSpec): string | undefined {
  const [text, known] = oneOf;
  return text?.type === "string" && known !== undefined ? referredTo(known) : undefined;
}

/** The types that properties refer to, and those that these do, in the schema's order. */
export function typesIn(properties: Properties): string[] {
  const found = new Set<string>();
  const visit = (spec: TypeSpec) => {
    const name = referredTo(spec);
    if (name !== undefined && !found.has(name)) {
      found.add(name);
      const type = typeNamed(name);
      if ("properties" in type) Object.values(type.properties).forEach(visit);
    }
    [spec.items, spec.additionalProperties, ...(spec.oneOf ?? [])].forEach((each) => {
      if (each !== undefined) visit(each);
    });
  };
  Object.values(properties).forEach(visit);
  const order = Object.keys(schema.types).map((token) => token.split(":").at(-1) ?? token);
  return order.filter((name) => found.has(name));
}

const DEFAULT = /\n\nDefault: ([^]+)$/;

/** A description without what it says of the default; a default that is no value, in words. */
export function describe({ description = "", default: value }: PropertySpec): {
  readonly text: string;
  readonly whenAbsent: string | undefined;
} {
  const [, words] = DEFAULT.exec(description) ?? [];
  return {
    text: description.replace(DEFAULT, ""),
    whenAbsent: value === undefined ? words : JSON.stringify(value),
  };
}
