/**
 * `npm run strangers`: the packed package in projects as others have them. `--only <name>`, which may
 * be repeated, runs some of them and writes no page.
 */
import { parseArgs } from "node:util";
import { Progress } from "../progress";
import { ensurePulumi } from "../pulumi-cli/ensurePulumi";
import { writePage } from "./page";
import type { StrangersProject } from "./project";
import { PROJECTS } from "./projects";
import { runAll } from "./runAll";

/** As a shell shows it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const projects = chosenProjects();
  const progress = new Progress(process.stderr);
  const pulumi = await ensurePulumi({ progress });
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      interruption.abort();
    });
  }
  const { outcomes, failed } = await runAll(projects, pulumi, progress, interruption.signal);
  console.log(`${String(outcomes.length)} as expected, ${String(failed.length)} not`);
  if (failed.length > 0) console.log(`Not as expected: ${failed.join(", ")}`);
  if (interruption.signal.aborted) return INTERRUPTED;
  if (failed.length > 0) return 1;
  if (projects === PROJECTS) await writePage(outcomes, pulumi);
  return 0;
}

/** @throws an Error that names what it does not know. */
function chosenProjects(): readonly StrangersProject[] {
  const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
  const { only } = values;
  if (only === undefined) return PROJECTS;
  const names = PROJECTS.map(({ name }) => name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no project ${unknown.join(", ")}. --only takes of: ${names.join(", ")}`,
    );
  }
  return PROJECTS.filter(({ name }) => only.includes(name));
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  },
);
