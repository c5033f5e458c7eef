import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";

/* What the documents show compiles against the built package, with the repository's own settings. */

const ROOT = path.join(__dirname, "../..");

function programsIn(document: string): [string, string][] {
  const text = fs.readFileSync(path.join(ROOT, document), "utf8");
  return [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, program = ""], index) => [
    `${document} ${String(index + 1)}`,
    program,
  ]);
}

function mistakesIn(program: string): string[] {
  const file = path.join(ROOT, "test", "readme-program.ts");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (file) => ts.sys.readFile(file)).config,
    ts.sys,
    ROOT,
  );
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, program, rest[0]) : read(name, ...rest);
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test.each(programsIn("README.md"))("%s compiles", (_name, program) => {
  expect(mistakesIn(program)).toEqual([]);
});

test("a program with a mistake would not", () => {
  expect(
    mistakesIn('import { Nothing } from "pulumi-azure-batch-key-rotation"; Nothing();'),
  ).toEqual([expect.stringContaining("Nothing")]);
});
