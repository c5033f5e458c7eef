import * as fs from "node:fs";
import * as path from "node:path";

export const ROOT = path.join(__dirname, "../..");

const NOT_WRITTEN = new Set(["node_modules", "dist", "review"]);

/** Every Markdown file of the repository that people have written, by its path from the root. */
export function documents(folder = ""): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !NOT_WRITTEN.has(name))
    .flatMap((entry) => {
      const name = path.join(folder, entry.name);
      if (entry.isDirectory()) return documents(name);
      return name.endsWith(".md") ? [name] : [];
    });
}

export function read(document: string): string {
  return fs.readFileSync(path.join(ROOT, document), "utf8");
}

/** What stands under a heading, up to the next one. */
export function textUnder(heading: string, text: string): string {
  return text.split(/^#+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
}

/** The rows of the first table under a heading, each with its cells by the column's title. */
export function tableUnder(heading: string, text: string): Record<string, string>[] {
  const [titles = [], , ...rows] = [...textUnder(heading, text).matchAll(/^\|(.*)\|$/gm)].map(
    ([, row = ""]) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  );
  return rows.map((row) =>
    Object.fromEntries(titles.map((title, index) => [title, row[index] ?? ""])),
  );
}

/** What stands in code marks in a cell. */
export function codeIn(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** What a text shows in a language, without the fences. */
export function codeBlocks(language: string, text: string): string[] {
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)\\n\`\`\`$`, "gm"));
  return [...blocks].map(([, code = ""]) => code);
}

/** The commands that a text shows, without what a comment says of them. */
export function commandsIn(text: string): string[] {
  return [...text.matchAll(/^( *)```sh\n([^]*?)^\1```$/gm)]
    .flatMap(([, , block = ""]) => block.split("\n"))
    .map((line) => line.replace(/ +#.*$/, "").trim())
    .filter((line) => line !== "");
}
