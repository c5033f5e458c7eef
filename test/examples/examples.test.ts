import * as fs from "node:fs";
import { builtinModules } from "node:module";
import * as path from "node:path";
import ts from "typescript";
import { PACKAGE_NAME, REPOSITORY } from "../../dev/workspace/packedPackage";
import { repository } from "../../package.json";
import { EXAMPLES } from "./exampleStack";

/* What holds for every example. Each is run by the test file of its name. */

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly main?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Packages that no file imports: compilers and types, and what a command of the README runs. */
const TOOLS: Readonly<Record<string, readonly string[]>> = {
  "automation-api": ["tsx"],
  fleet: ["tsx"],
  // @swc/jest is in the configuration, and asks for @swc/core.
  "unit-testing": ["@swc/core", "@swc/jest", "@types/jest", "jest"],
};
const TOOLS_OF_ALL = ["@types/node", "typescript"];

/** Optional peers that an entry point of the package cannot do without. */
const PEERS: Readonly<Record<string, string>> = {
  [`${PACKAGE_NAME}/components`]: "@pulumi/azure-native",
  [`${PACKAGE_NAME}/simulator`]: "@peculiar/x509",
};

const names = fs.readdirSync(EXAMPLES);
const ours = readManifest(REPOSITORY);

const written = (language: string) => names.filter((name) => runtimeOf(name) === language);

function read(...names: string[]): string {
  return fs.readFileSync(path.join(...names), "utf8");
}

function runtimeOf(name: string): string | undefined {
  return /^runtime: (\w+)$/m.exec(read(EXAMPLES, name, "Pulumi.yaml"))?.[1];
}

function readManifest(folder: string): Manifest {
  return JSON.parse(read(folder, "package.json")) as Manifest;
}

/** The module specifiers of an example's files, relative ones left out. */
function importsOf(files: readonly string[]): string[] {
  return files
    .flatMap((file) => ts.preProcessFile(read(file)).importedFiles)
    .map(({ fileName }) => fileName)
    .filter((specifier) => !specifier.startsWith("."))
    .filter((specifier) => !builtinModules.includes(specifier.replace(/^node:/, "")));
}

/** `@scope/name/path` is of the package `@scope/name`. */
function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function needed(specifiers: readonly string[]): string[] {
  const peers = specifiers.map((specifier) => PEERS[specifier] ?? []).flat();
  return [...new Set([...specifiers.map(packageOf), ...peers])].sort();
}

test("every example has a test of its own, and every such test an example", () => {
  const tests = fs.readdirSync(__dirname).filter((file) => file.endsWith(".test.ts"));
  const tested = tests.map((file) => file.replace(/\.test\.ts$/, ""));
  expect(tested.filter((name) => name !== "examples").sort()).toEqual(names.sort());
});

test.each(names)("%s is a Pulumi project of its own, without a lock file", (name) => {
  const present = fs.readdirSync(path.join(EXAMPLES, name));
  expect(present).toEqual(expect.arrayContaining(["Pulumi.yaml", "README.md"]));
  expect(present.filter((file) => /lock|^go\.sum$|^Pulumi\..+\.yaml$/.test(file))).toEqual([]);
  expect(read(EXAMPLES, name, "Pulumi.yaml")).toContain(`name: batch-key-${name}\n`);
});

describe.each(written("nodejs"))("%s", (name) => {
  const folder = path.join(EXAMPLES, name);
  const files = fs.readdirSync(folder).map((file) => path.join(folder, file));
  const manifest = readManifest(folder);

  test("is a package that is not published", () => {
    expect(manifest).toMatchObject({ name: `batch-key-${name}`, private: true, main: "index.ts" });
  });

  test("names the packages that its files import, and no other", () => {
    const sources = files.filter((file) => file.endsWith(".ts"));
    const [tests, program] = [sources.filter(isTest), sources.filter((file) => !isTest(file))];
    const { dependencies = {}, devDependencies = {} } = manifest;
    const ofProgram = needed(importsOf(program));
    expect(Object.keys(dependencies).sort()).toEqual(ofProgram);
    expect(Object.keys(devDependencies).sort()).toEqual(
      [
        ...needed(importsOf(tests)).filter((found) => !ofProgram.includes(found)),
        ...TOOLS_OF_ALL,
        ...(TOOLS[name] ?? []),
      ].sort(),
    );
  });

  test("takes this version of the package", () => {
    expect(manifest.dependencies?.[PACKAGE_NAME]).toBe(`^${String(ours.version)}`);
  });

  test("compiles all of its files with its own settings", () => {
    const { files: compiled } = ts.readConfigFile(path.join(folder, "tsconfig.json"), (file) =>
      ts.sys.readFile(file),
    ).config as { files: string[] };
    const sources = files.filter((file) => file.endsWith(".ts")).map((file) => path.basename(file));
    expect(compiled.sort()).toEqual(sources.sort());
  });
});

describe.each(written("python"))("%s", (name) => {
  const requirements = read(EXAMPLES, name, "requirements.txt").trim().split("\n");

  test("requires the packages that its program imports, and no other", () => {
    const program = read(EXAMPLES, name, "__main__.py");
    const imported = [...program.matchAll(/^(?:import|from) (\w+)/gm)].map(([, module]) => module);
    expect(requirements.map((line) => /^\w+/.exec(line)?.[0])).toEqual(imported);
  });

  test("takes this version of the plugin's SDK, and the Pulumi that it asks for", () => {
    const pulumi = /"pulumi>=([\d.]+)/.exec(read(REPOSITORY, "sdk/python/pyproject.toml"))?.[1];
    expect(requirements).toEqual([
      `pulumi>=${String(pulumi)},<4`,
      `pulumi_azure_batch_key_rotation @ ${repository.url.replace(/\.git$/, "")}@v${String(ours.version)}#subdirectory=sdk/python`,
    ]);
  });
});

test.each(written("go"))("%s takes this version of the plugin's SDK", (name) => {
  const goMod = read(EXAMPLES, name, "go.mod");
  const sdk = /^module (\S+)$/m.exec(read(REPOSITORY, "sdk/go/go.mod"))?.[1];
  const pulumi = /\S+\/sdk\/v3 v\S+/.exec(read(REPOSITORY, "dev/languages/go.mod"))?.[0];
  expect([...goMod.matchAll(/^\t(\S+ v\S+)$/gm)].map(([, module]) => module)).toEqual([
    `${String(sdk)} v${String(ours.version)}`,
    pulumi,
  ]);
});

function isTest(file: string): boolean {
  return file.endsWith(".test.ts");
}
