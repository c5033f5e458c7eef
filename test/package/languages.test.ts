import * as fs from "node:fs";
import * as path from "node:path";
import { codeBlocks, commandsIn, documents, read, ROOT } from "./documents";

/*
 * Programs in YAML, Python and Go that documents show are those that tests run: the examples, whole, or
 * lines of a program in their order.
 */

const GUIDE = "docs/guides/languages.md";

/** Programs that tests run. */
const PROGRAMS = [
  ...fs.readdirSync(path.join(ROOT, "examples")).map((name) => path.join("examples", name)),
  "test/languages/yaml",
].flatMap((folder) =>
  fs
    .readdirSync(path.join(ROOT, folder))
    .filter((file) => /^(Pulumi\.yaml|__main__\.py|main\.go)$/.test(file))
    .map((file) => read(path.join(folder, file))),
);

/** Whether a program has these lines, in this order. */
function has(program: string, lines: readonly string[]): boolean {
  const rest = [...lines];
  for (const line of program.split("\n")) {
    if (line === rest[0]) rest.shift();
  }
  return rest.length === 0;
}

const isRun = (shown: string) => PROGRAMS.some((program) => has(program, shown.split("\n")));

const shown = documents().flatMap((document) =>
  ["python", "go", ...(document === GUIDE ? ["yaml"] : [])].flatMap((language) =>
    codeBlocks(language, read(document)).map((program) => [document, language, program] as const),
  ),
);

test("what the guide shows in each language is run by a test", () => {
  expect(new Set(shown.map(([, language]) => language))).toEqual(new Set(["yaml", "python", "go"]));
  expect(shown.filter(([, , program]) => !isRun(program))).toEqual([]);
});

test("the guide shows the example of each language whole", () => {
  for (const [name, file] of Object.entries({
    yaml: "Pulumi.yaml",
    python: "__main__.py",
    go: "main.go",
  })) {
    expect(codeBlocks(name, read(GUIDE))).toContain(
      read(path.join("examples", name, file)).trimEnd(),
    );
  }
});

test("a program that no test runs would be found", () => {
  expect(isRun("runtime: yaml")).toBe(true);
  expect(isRun("runtime: yaml\nname: batch-key-yaml")).toBe(false);
  expect(isRun("runtime: cobol")).toBe(false);
});

test("every command that the guide shows is run by a test", () => {
  expect(commandsIn(read(GUIDE))).toEqual([
    // In test/support/pluginFixture.ts.
    "pulumi plugin install resource azure-batch-key-rotation <version> --file <tarball>",
    // In the lifecycle of each example.
    "pulumi import azure-batch-key-rotation:index:BatchAccountKeyRotation keys <account id>",
    // In two-tenants.test.ts.
    "pulumi up --target '<URN of the provider>'",
    "pulumi import azure-batch-key-rotation:index:BatchAccountKeyRotation keys <account id> \\",
    "--provider provider=<URN of the provider>",
    // In test/languages/yaml.test.ts.
    "pulumi preview --config previewing=true --save-plan plan.json",
    "pulumi up --config previewing=false --plan plan.json",
  ]);
});
