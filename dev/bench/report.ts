import { cpus } from "node:os";
import type { Row } from "./measurement";

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

export function markdownTable(rows: readonly Row[]): string {
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
