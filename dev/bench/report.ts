import * as fs from "node:fs/promises";
import { cpus } from "node:os";
import * as path from "node:path";
import { format, resolveConfig } from "prettier";
import { REPOSITORY } from "../workspace/packedPackage";
import type { Row } from "./measurement";

const PAGE = path.join(REPOSITORY, "docs/performance.md");

const VERDICTS = {
  met: "met",
  missed: "MISSED",
  shown: "",
  "not measured here": "not measured here",
} as const;

/** Each row as a short paragraph, for a terminal: sentences do not fit into columns. */
export function rowText(row: Row): string {
  const { what, against, ours, theirs, result, goal, verdict } = row;
  const wanted = goal === "–" ? "" : `; goal: ${goal}`;
  return [
    `${what}: ${ours}`,
    ...(against === "–" ? [] : [`  against ${against}: ${theirs}`]),
    `  ${result}${wanted}${VERDICTS[verdict] === "" ? "" : ` – ${VERDICTS[verdict]}`}`,
  ].join("\n");
}

function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, against, ours, theirs, result, goal, verdict }) =>
    [what, against, ours, theirs, result, goal, VERDICTS[verdict]].join(" | "),
  );
  return [
    "What | Against | Ours | Theirs | Ours beside theirs | Goal | Verdict",
    "--- | --- | --- | --- | --- | --- | ---",
    ...lines,
  ]
    .map((line) => `| ${line} |`)
    .join("\n");
}

/** What the numbers were measured on. */
export function machine(pulumiVersion: string): string {
  const [cpu] = cpus();
  return `${String(cpus().length)} cores (${cpu?.model.trim() ?? "of an unknown kind"}), ${process.platform}, Node.js ${process.version}, Pulumi ${pulumiVersion}`;
}

/** Writes docs/performance.md. */
export async function writePage(rows: readonly Row[], pulumiVersion: string): Promise<void> {
  const text = `# Performance

\`npm run bench\` has written this page on ${new Date().toISOString().slice(0, 10)}; nothing here is
typed by hand. Measured on ${machine(pulumiVersion)}, against the embedded simulator of Azure in a
process of its own: there is no network in these numbers.

Each row is this package beside what one would otherwise run, by turns in one run. The value on the
right is the median of the pairs, with the lowest and the highest: it is what can be compared between
machines, the times cannot.

${markdownTable(rows)}

An "empty dynamic resource" is Pulumi's own dynamic resource with a provider that does nothing, as
anybody would write it. One that "keeps as much in state" has a rotation's properties in state and a
provider's text of the same length, asks nobody for keys, and is spared the SDK's stack traces while it is
made, as a rotation is. \`pulumi up\` runs without its preview here.

[The decision on speed](decisions/0019-speed-and-where-it-ends.md) says where the time goes where a goal is missed.
`;
  const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
  await fs.writeFile(PAGE, await format(text, options));
}
