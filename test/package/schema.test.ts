import Ajv2020 from "ajv/dist/2020";
import { TYPE } from "../../provider/program/providerText";
import schema from "../../provider/schema.json";
import metaschema from "../fixtures/pulumi-metaschema.json";
import { codeIn, read, tableUnder } from "./documents";

/*
 * The list of properties. `npm run schema -- --check` holds what is made of it. The metaschema is Pulumi's:
 * https://github.com/pulumi/pulumi/blob/pkg/v3.259.0/pkg/codegen/schema/pulumi.json
 */

const {
  resources: { "azure-batch-key-rotation:index:BatchAccountKeyRotation": rotation },
  types,
} = schema;

const names = (properties: object) => Object.keys(properties);

const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(metaschema);

test("the schema is one of Pulumi's", () => {
  isValid(schema);
  expect(isValid.errors).toBeNull();
});

test("a schema with a mistake would not be", () => {
  const properties = { ...rotation.properties, wrong: { type: "text" } };
  expect(isValid({ ...schema, resources: { "a:b:C": { ...rotation, properties } } })).toBe(false);
});

test("every argument is an output of the same type", () => {
  const typeOf = ({
    type,
    oneOf,
    $ref,
  }: { type?: string; oneOf?: object; $ref?: string } = {}) => ({
    type,
    oneOf,
    $ref,
  });
  const outputs: Readonly<Record<string, object>> = rotation.properties;
  for (const [name, argument] of Object.entries<object>(rotation.inputProperties)) {
    expect([name, typeOf(outputs[name])]).toEqual([name, typeOf(argument)]);
  }
});

test("what is required is there", () => {
  expect(names(rotation.properties)).toEqual(expect.arrayContaining(rotation.required));
});

test("the keys are secrets, and nothing else is", () => {
  const secrets = Object.entries(rotation.properties).filter(([, each]) => "secret" in each);
  expect(secrets.map(([name]) => name)).toEqual([
    "primaryKey",
    "secondaryKey",
    "currentKey",
    "previousKey",
  ]);
});

test("each type is referred to, and each that is referred to is there", () => {
  const referred = [...JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g)].map(
    ([, token]) => token,
  );
  expect([...new Set(referred)].sort()).toEqual(names(types).sort());
});

test("an alias leads from the dynamic resource", () => {
  expect(rotation.aliases).toEqual([{ type: TYPE }]);
});

test("the guide's table of reasons has every one", () => {
  const guide = read("docs/guides/moves-and-replacements.md");
  const rows = tableUnder("What `rotationReason` says", guide);
  const reasons = types["azure-batch-key-rotation:index:RotationReason"].enum;
  expect(rows.flatMap((row) => codeIn(row["`rotationReason`"])).sort()).toEqual(
    reasons.map(({ value }) => value).sort(),
  );
});
