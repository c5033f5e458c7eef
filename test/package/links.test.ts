import * as fs from "node:fs";
import * as path from "node:path";
import { documents, read, ROOT } from "./documents";

/* The documents hold together: what they link to is there, and so are the commands they name. */

const DOCUMENTS = documents();

/** The text without programs, what they print, and code in a line. */
function prose(text: string): string {
  return text.replace(/^ *```[^]*?^ *```$/gm, "").replace(/`[^`\n]+`/g, "");
}

/** The anchors that GitHub gives a document's headings; of the same name, the later are numbered. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of text.replace(/^ *```[^]*?^ *```$/gm, "").matchAll(/^#+ (.+)$/gm)) {
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${String(count)}`;
    anchors.add(unique);
  }
  return anchors;
}

/** The links of a document that do not lead elsewhere on the network. */
function linksIn(text: string): string[] {
  return [...prose(text).matchAll(/\]\(\s*<?([^)>\s]+)|^\[[^\]]+\]:\s*<?([^>\s]+)/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? "")
    .filter((link) => !/^[a-z]+:/i.test(link));
}

/** The file that a link leads to, by its path from the root. */
function fileOf(link: string, document: string): string {
  const [file = ""] = link.split("#");
  return file === "" ? document : path.join(path.dirname(document), decodeURIComponent(file));
}

function leadsNowhere(link: string, document: string): boolean {
  const file = fileOf(link, document);
  if (file.startsWith("..") || !fs.existsSync(path.join(ROOT, file))) return true;
  const [, anchor] = link.split("#");
  return anchor !== undefined && !(file.endsWith(".md") && anchorsOf(read(file)).has(anchor));
}

test.each(DOCUMENTS)("every link of %s leads somewhere", (document) => {
  expect(linksIn(read(document)).filter((link) => leadsNowhere(link, document))).toEqual([]);
});

test("a link that leads nowhere is found", () => {
  const text =
    "[file](docs/gone.md) [anchor](README.md#gone) [own](#gone) [outside](../README.md)\n" +
    "[good](README.md#the-promise) ![picture](docs/rotation-cycle.svg) [web](https://a.example)\n" +
    "`[code](gone)`\n\n[reference]: gone.md\n";
  expect(linksIn(text).filter((link) => leadsNowhere(link, "DESIGN.md"))).toEqual([
    "docs/gone.md",
    "README.md#gone",
    "#gone",
    "../README.md",
    "gone.md",
  ]);
});

test("anchors are GitHub's", () => {
  const text = "# A `b.c(d)`, e!\n\n```sh\n# none\n```\n\n## [F g](h.md)\n\n## F g\n";
  expect([...anchorsOf(text)]).toEqual(["a-bcd-e", "f-g", "f-g-1"]);
});

test("each page of docs/ is linked from another document", () => {
  const linked = new Set(
    DOCUMENTS.flatMap((document) =>
      linksIn(read(document))
        .map((link) => fileOf(link, document))
        .filter((file) => file !== document),
    ),
  );
  const pages = DOCUMENTS.filter((document) => document.startsWith("docs"));
  expect(pages.filter((page) => !linked.has(page))).toEqual([]);
});

test("each decision is in DESIGN.md's list, and has the five parts", () => {
  const decisions = DOCUMENTS.filter((document) => document.startsWith("docs/decisions"));
  const listed = linksIn(read("DESIGN.md")).filter((link) => link.startsWith("docs/decisions"));
  expect(listed).toEqual(decisions.sort());
  for (const decision of decisions) {
    const text = read(decision);
    expect(text).toMatch(/^# \d{4}\. .+\n\nDate: \d{4}-\d\d-\d\d/);
    expect(path.basename(decision).slice(0, 4)).toBe(text.slice(2, 6));
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      "Context",
      "Decision",
      "Rejected",
      "Consequences",
    ]);
  }
});

/** The scripts of the package that a document belongs to, and of the repository. */
function scriptsFor(document: string): string[] {
  const folders = ["", path.dirname(document)];
  const manifests = folders.map((folder) => path.join(ROOT, folder, "package.json"));
  return manifests
    .filter((file) => fs.existsSync(file))
    .flatMap((file) => {
      const { scripts } = JSON.parse(fs.readFileSync(file, "utf8")) as { scripts?: object };
      return Object.keys(scripts ?? {});
    });
}

test.each(DOCUMENTS)("%s names no npm script that is not there", (document) => {
  const named = [...read(document).matchAll(/\bnpm (?:run (?:--?\S+ )*([\w:-]*\w)|(test)\b)/g)];
  const scripts = scriptsFor(document);
  expect(
    named.map(([, run, other]) => run ?? other).filter((name) => !scripts.includes(name ?? "")),
  ).toEqual([]);
});

test("the README has the test command, and stays short", () => {
  const readme = read("README.md");
  expect(readme).toContain("npm ci && npm test");
  expect(readme.split(/\s+/).filter((word) => word !== "").length).toBeLessThan(1_500);
});
