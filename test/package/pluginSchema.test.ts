import Ajv2020 from "ajv/dist/2020";
import packageJson from "../../package.json";
import { readConfiguration, SECRET_SETTINGS } from "../../provider/azure/configuration";
import { pluginSchema } from "../../provider/hosts/plugin/schema";
import schema from "../../provider/schema.json";
import metaschema from "../fixtures/pulumi-metaschema.json";

/* What the plugin serves of the list of properties, and what SDKs are generated from. */

const ROTATION = "azure-batch-key-rotation:index:BatchAccountKeyRotation";
const LISTING = "azure-batch-key-rotation:index:getBatchAccounts";

const served = pluginSchema("1.2.3");
const listed = schema.resources[ROTATION];
const rotation = served.resources[ROTATION];
const settings = served.provider.inputProperties;

interface Described {
  readonly description?: string;
}

/** Everything that has a name in the schema, however deep. */
function within(value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap((entry) => [entry, ...within(entry[1])]);
}

test("it is one of Pulumi's, with a version", () => {
  const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(metaschema);
  isValid(served);
  expect(isValid.errors).toBeNull();
  expect(served.version).toBe("1.2.3");
});

test("no SDK fills in a default, or reads an environment", () => {
  const given = within(served).filter(([name, value]) =>
    name === "default" ? typeof value !== "object" : name === "defaultInfo",
  );
  expect(given).toEqual([]);
});

test("a default is told in words instead", () => {
  expect(rotation.inputProperties["liveKey"]?.description).toMatch(/\n\nDefault: `Primary`$/);
  expect(rotation.inputProperties["rotateAfter"]?.description).toBe(
    listed.inputProperties.rotateAfter.description,
  );
});

test("it sends nobody to azure-native's configuration", () => {
  const told = (value: unknown) => JSON.stringify(value).split("azure-native:").length - 1;
  expect(told(schema)).toBeGreaterThan(0);
  expect(told(served)).toBe(0);
});

test("the arguments are the dynamic resource's, a namespace apart", () => {
  const { configNamespace, ...arguments_ } = listed.inputProperties;
  const names = Object.keys(arguments_);
  expect(configNamespace).toBeDefined();
  expect(Object.keys(rotation.inputProperties)).toEqual([...names, "previewing"]);
  expect(Object.keys(served.functions[LISTING].inputs.properties)).toEqual([
    "subscriptionId",
    "resourceGroupName",
  ]);
});

test("the outputs are the dynamic resource's", () => {
  expect(Object.keys(rotation.properties)).toEqual(Object.keys(listed.properties));
});

test("a setting of the provider is one of the stack's configuration", () => {
  expect(settings).toBe(served.config.variables);
});

test("the settings are those that are read, and what is secret is marked", () => {
  const read = readConfiguration(() => undefined, served.name, {});
  expect(Object.keys(settings).sort()).toEqual(Object.keys(read).sort());
  const secrets = Object.entries(settings).filter(([, each]) => "secret" in each);
  expect(secrets.map(([name]) => name).sort()).toEqual([...SECRET_SETTINGS].sort());
});

test.each(Object.entries<Described>(settings))(
  "%s names the variables that stand in for it",
  (name, { description = "" }) => {
    const variables = description.match(/\b[A-Z]+(_[A-Z]+)+\b/g) ?? [];
    expect(variables).not.toEqual([]);
    for (const variable of variables) {
      const read = readConfiguration(() => undefined, served.name, { [variable]: "value" });
      expect(Object.entries(read).filter(([, value]) => value !== "")).toEqual([[name, "value"]]);
    }
  },
);

test("the schema and package.json have one address", () => {
  expect(packageJson.repository.url).toBe(`git+${served.repository}.git`);
  expect(packageJson.homepage).toBe(`${served.homepage}#readme`);
});

test("npm can hold the SDK beside the dynamic resource", () => {
  expect(served.language.nodejs.packageName).not.toBe(packageJson.name);
});
