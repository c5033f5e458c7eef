import * as path from "node:path";
import ts from "typescript";
import { codeIn, read, ROOT, tableUnder } from "./documents";

/* The tables of arguments and outputs say what the declarations say. */

const SOURCE = path.join(ROOT, "provider/batchAccountKeyRotation.ts");
const REFERENCE = read("docs/reference/arguments-and-outputs.md");

interface Property {
  readonly name: string;
  readonly comment: string;
  /** What its doc comment has as `@default`; "" without one. */
  readonly whenAbsent: string;
  /** The texts that its type admits, if it admits no others; quoted. */
  readonly values: readonly string[];
}

let inputs: readonly Property[] = [];
let outputs: readonly Property[] = [];

beforeAll(() => {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (file) => ts.sys.readFile(file)).config,
    ts.sys,
    ROOT,
  );
  const program = ts.createProgram([SOURCE], options);
  const checker = program.getTypeChecker();
  const members = (name: string): Property[] => {
    const declaration = program
      .getSourceFile(SOURCE)
      ?.statements.find(
        (each) =>
          (ts.isInterfaceDeclaration(each) || ts.isClassDeclaration(each)) &&
          each.name?.text === name,
      ) as ts.InterfaceDeclaration | ts.ClassDeclaration;
    return declaration.members
      .filter((each) => ts.isPropertySignature(each) || ts.isPropertyDeclaration(each))
      .map((each) => property(each, checker));
  };
  inputs = members("BatchAccountKeyRotationArgs");
  outputs = members("BatchAccountKeyRotation");
}, 60_000);

function property(
  declared: ts.PropertySignature | ts.PropertyDeclaration,
  checker: ts.TypeChecker,
): Property {
  const symbol = checker.getSymbolAtLocation(declared.name);
  const tag = symbol?.getJsDocTags(checker).find(({ name }) => name === "default");
  // Of pulumi.Input<T> and pulumi.Output<T>, T.
  const wrapped =
    declared.type && ts.isTypeReferenceNode(declared.type)
      ? declared.type.typeArguments?.[0]
      : undefined;
  const type = wrapped && checker.getTypeFromTypeNode(wrapped);
  const literals = type?.isUnion() === true ? type.types : [];
  return {
    name: declared.name.getText(),
    comment: ts.displayPartsToString(symbol?.getDocumentationComment(checker)),
    whenAbsent: ts.displayPartsToString(tag?.text).replace(/\s+/g, " ").trim(),
    values: literals.flatMap((each) => (each.isStringLiteral() ? [`"${each.value}"`] : [])),
  };
}

const without = (marks: string) => marks.replaceAll("`", "");
const quoted = (cell: string) => codeIn(cell).filter((code) => code.startsWith('"'));

test("the table of arguments has every one, with its default and its values, in order", () => {
  const rows = tableUnder("Arguments", REFERENCE);
  expect(rows.flatMap(({ Argument }) => codeIn(Argument))).toEqual(inputs.map(({ name }) => name));
  for (const [index, { name, whenAbsent, values }] of inputs.entries()) {
    const { Default = "", Type = "" } = rows[index] ?? {};
    expect([name, without(Default)]).toEqual([name, without(whenAbsent)]);
    expect([name, quoted(Type).sort()]).toEqual([name, [...values].sort()]);
  }
});

test("the table of outputs has every one that is no argument, with its values, and says which are secret", () => {
  const rows = tableUnder("Outputs", REFERENCE).flatMap(({ Output, Type = "" }) =>
    codeIn(Output).map((name) => ({ name, type: Type })),
  );
  const names = inputs.map(({ name }) => name);
  const own = outputs.filter(({ name }) => !names.includes(name));
  expect(rows.map(({ name }) => name).sort()).toEqual(own.map(({ name }) => name).sort());
  for (const { name, comment, values } of own) {
    const type = rows.find((row) => row.name === name)?.type ?? "";
    expect([name, quoted(type).sort()]).toEqual([name, [...values].sort()]);
    expect([name, type.includes("secret")]).toEqual([name, /\bA secret\b/.test(comment)]);
  }
});

test("every argument is an output, as the page says", () => {
  const names = outputs.map(({ name }) => name);
  expect(inputs.filter(({ name }) => !names.includes(name))).toEqual([]);
});

test("the table of reasons has every one", () => {
  const rows = tableUnder(
    "What `rotationReason` says",
    read("docs/guides/moves-and-replacements.md"),
  );
  const reasons = outputs.find(({ name }) => name === "rotationReason")?.values;
  expect(
    rows.flatMap((row) => codeIn(row["`rotationReason`"]).map((name) => `"${name}"`)).sort(),
  ).toEqual([...(reasons ?? [])].sort());
});
