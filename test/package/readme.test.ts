import * as path from "node:path";
import ts from "typescript";
import { language } from "../../provider/schema.json";
import { codeBlocks, documents, read, ROOT } from "./documents";

/* What the documents show compiles against the built package, with the repository's own settings. */

jest.setTimeout(120_000);

function programsIn(document: string): [string, string][] {
  return codeBlocks("ts", read(document)).map((program, index) => [
    `${document} ${String(index + 1)}`,
    program,
  ]);
}

/** Compiles programs together, each a file of its own, and tells the mistakes in each. */
function mistakesIn(programs: readonly string[]): string[][] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (file) => ts.sys.readFile(file)).config,
    ts.sys,
    ROOT,
  );
  // As a project has it in which it is installed.
  options.paths = { [language.nodejs.packageName]: [path.join(ROOT, "sdk/nodejs/index.ts")] };
  const texts = new Map(
    programs.map((text, index) => [path.join(ROOT, "test", `program${String(index)}.ts`), text]),
  );
  const host = ts.createCompilerHost(options);
  const readFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? readFile(name, ...rest) : ts.createSourceFile(name, text, rest[0]);
  };
  const compiled = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].map((name) =>
    ts
      .getPreEmitDiagnostics(compiled, compiled.getSourceFile(name))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
  );
}

const shown = documents().flatMap(programsIn);
const WRONG = 'import { Nothing } from "pulumi-azure-batch-key-rotation"; Nothing();';
let mistakes: string[][] = [];

beforeAll(() => {
  mistakes = mistakesIn([...shown.map(([, program]) => program), WRONG]);
});

test.each(shown.map(([name], index) => [name, index] as const))("%s compiles", (_name, index) => {
  expect(mistakes[index]).toEqual([]);
});

test("a program with a mistake would not", () => {
  expect(mistakes.at(-1)).toEqual([expect.stringContaining("Nothing")]);
});
