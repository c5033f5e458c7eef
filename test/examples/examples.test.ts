import * as fs from "node:fs";
import { builtinModules } from "node:module";
import * as path from "node:path";
import ts from "typescript";
import { PACKAGE_NAME, REPOSITORY } from "../../dev/workspace/packedPackage";
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

function readManifest(folder: string): Manifest {
  return JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
}

/** The module specifiers of an example's files, relative ones left out. */
function importsOf(files: readonly string[]): string[] {
  return files
    .flatMap((file) => ts.preProcessFile(fs.readFileSync(file, "utf8")).importedFiles)
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

describe.each(names)("%s", (name) => {
  const folder = path.join(EXAMPLES, name);
  const files = fs.readdirSync(folder).map((file) => path.join(folder, file));
  const manifest = readManifest(folder);

  test("is a Pulumi project of its own, without a lock file", () => {
    const present = files.map((file) => path.basename(file));
    expect(present).toEqual(
      expect.arrayContaining([
        "Pulumi.yaml",
        "README.md",
        "index.ts",
        "package.json",
        "tsconfig.json",
      ]),
    );
    expect(present.filter((file) => /lock|^Pulumi\..+\.yaml$/.test(file))).toEqual([]);
    const project = fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8");
    expect(project).toContain(`name: batch-key-${name}\n`);
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

function isTest(file: string): boolean {
  return file.endsWith(".test.ts");
}
