import type { StrangersProject } from "./project";
import type { Versions } from "./versions";

/** A project that came out as it says. */
export interface Outcome {
  readonly project: StrangersProject;
  readonly versions: Versions;
}

/** The line of a project, for the terminal. */
export function outcomeText(outcome: Outcome): string {
  return cells(outcome).join(" | ");
}

/** Its cells in the table. */
export function cells({ project, versions }: Outcome): string[] {
  const { failure, installer, language, modules, name, special } = project;
  const { typescript = "" } = versions;
  return [
    name,
    `${installer} ${versions.installer}`,
    versions.node,
    versions.sdk ?? `${project.sdk}, not found`,
    `${`${language} ${typescript}`.trim()}, ${modules}`,
    special,
    failure === undefined ? "works" : `**fails** at ${failure.step}: ${failure.reason}`,
  ];
}
