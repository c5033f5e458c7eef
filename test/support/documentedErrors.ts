import { readFileSync } from "node:fs";
import { join } from "node:path";

/** docs/errors.md, in which users look up what they read. */
export const DOCUMENTED = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");

/** The rows of one of its tables, by their names. */
export function documentedRows(section: string): Map<string, string> {
  const text = DOCUMENTED.split(/^## /m).find((each) => each.startsWith(section)) ?? "";
  return new Map([...text.matchAll(/^\| `([^`]+)` .*$/gm)].map(([row, name = ""]) => [name, row]));
}

/** The documents give the same advice as a message, in the row of that name. */
export function expectDocumented(name: string, message: string): void {
  const [, advice = "no advice"] = /Next: (.*)$/s.exec(message) ?? [];
  const row = DOCUMENTED.split("\n").find((line) => line.startsWith(`| \`${name}\``));
  const written = advice
    .replace(/(https:\/\/)?localhost:\d+/g, "$1…")
    .replace(/\/(tmp|var|nowhere)\/[^ )]*/g, "…");
  expect(row).toContain(written);
}
