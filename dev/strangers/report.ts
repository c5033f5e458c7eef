import * as fs from "node:fs/promises";
import * as path from "node:path";
import { format, resolveConfig } from "prettier";
import { REPOSITORY } from "../workspace/packedPackage";
import type { StrangersProject } from "./project";
import type { Versions } from "./versions";

const PAGE = path.join(REPOSITORY, "docs/reference/compatibility.md");

export interface Outcome {
  readonly project: StrangersProject;
  readonly versions: Versions;
}

const HEADINGS = [
  "Installer",
  "Node.js",
  "`@pulumi/pulumi`",
  "Language",
  "Modules",
  "What is particular",
  "Outcome",
];

/** The line of a project, for the terminal. */
export function outcomeText({ project, versions }: Outcome): string {
  return [project.name, ...cells({ project, versions })].join(" | ");
}

function cells({ project, versions }: Outcome): string[] {
  const { installer, node, sdk, typescript } = versions;
  return [
    `${project.installer} ${installer}`,
    node,
    sdk ?? project.sdk,
    typescript === undefined ? project.language : `${project.language}, ${typescript}`,
    project.modules,
    project.special,
    project.failure === undefined
      ? "works"
      : `**fails** at ${project.failure.step}: ${project.failure.reason}`,
  ];
}

/** Writes docs/reference/compatibility.md. */
export async function writePage(outcomes: readonly Outcome[], pulumi: string): Promise<void> {
  const rows = [HEADINGS, HEADINGS.map(() => "---"), ...outcomes.map(cells)];
  const table = rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
  const text = `${introduction(pulumi)}\n${table}\n\n${NOTES}`;
  const options = { ...(await resolveConfig(PAGE)), parser: "markdown" };
  await fs.writeFile(PAGE, await format(text, options));
}

function introduction(pulumi: string): string {
  return `# Compatibility

\`npm run strangers\` has written this page on ${new Date().toISOString().slice(0, 10)}. Each row is a
project in a folder of its own, into which the packed package was installed; then the Pulumi CLI ${pulumi} ran
\`preview\`, \`up\`, \`up\` with a larger \`version\`, \`refresh\` and \`destroy\` against the
[simulator](simulator.md), and this package's \`status\`. Each key was regenerated once, in turn. The versions
are those that were really there. A row that fails was seen to fail in the way that it tells.
`;
}

const NOTES = ``;
