import * as path from "node:path";
import ts from "typescript";
import { read } from "./documents";

/*
 * The two walks in CONTRIBUTING.md, which show newcomers the way through the code: each is short, and
 * each of its files imports one before it, or is imported by one. (That the files are there, links.test.ts holds.)
 */

const [, ...SECTIONS] = read("CONTRIBUTING.md").split(/^#+ (?=A walk: )/m);

/** The files that the items of a walk lead to, in their order, by their path from the root. */
function filesOf(section: string): string[] {
  const [walk = ""] = section.split(/^#/m);
  return [...walk.matchAll(/^\d+\. \[[^\]]+\]\(([^)]+)\)/gm)].map(([, file = ""]) => file);
}

/** The files that a file imports, types and lazy imports included. */
function importsOf(file: string): string[] {
  return ts
    .preProcessFile(read(file))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => path.join(path.dirname(file), name.replace(/\.js$/, "")) + ".ts");
}

const OWN_NAME = "pulumi-azure-batch-key-rotation/lifecycle";

/** What the text in state requires, by the package's name. */
function requiredByName(file: string): string[] {
  if (!read(file).includes(OWN_NAME)) return [];
  const { exports } = JSON.parse(read("package.json")) as {
    exports: { "./lifecycle": { default: string } };
  };
  return [exports["./lifecycle"].default.replace(/^\.\/dist\/(.*)\.js$/, "$1.ts")];
}

test("there are two walks: a bump of the version, and an error body", () => {
  expect(SECTIONS.map((section) => section.split("\n", 1)[0])).toEqual([
    expect.stringContaining("version") as string,
    expect.stringContaining("error") as string,
  ]);
});

test.each([
  [SECTIONS[0] ?? "", 15],
  [SECTIONS[1] ?? "", 10],
])("each file of a walk imports one before it, or is imported by one: walk %#", (section, most) => {
  const files = filesOf(section);
  expect(files.length).toBeGreaterThan(5);
  expect(files.length).toBeLessThanOrEqual(most);
  const astray = files.slice(1).filter((file, index) => {
    const before = files.slice(0, index + 1);
    const leadsTo = (one: string, another: string) =>
      [...importsOf(one), ...requiredByName(one)].includes(another);
    return !before.some((each) => leadsTo(each, file) || leadsTo(file, each));
  });
  expect(astray).toEqual([]);
});
