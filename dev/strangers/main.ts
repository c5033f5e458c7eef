/**
 * `npm run strangers`: the packed package in projects as others have them. `--only <name>`, which may
 * be repeated, runs some of them and writes no page.
 */
import { parseArgs } from "node:util";
import { Progress } from "../progress";
import { ensurePulumi } from "../pulumi-cli/ensurePulumi";
import type { StrangersProject } from "./project";
import { PROJECTS } from "./projects";
import { type Outcome, outcomeText, writePage } from "./report";
import { runProject } from "./runProject";

/** Much of the time is a registry's, or an engine's that waits. */
const PARALLELISM = 2;

async function main(): Promise<number> {
  const projects = chosenProjects();
  const progress = new Progress(process.stderr);
  const pulumi = await ensurePulumi({ progress });

  const outcomes = new Map<StrangersProject, Outcome>();
  const failed: string[] = [];
  const running = new Map<string, string>();
  const waiting = [...projects];
  const show = (): void => {
    const steps = [...running].map(([name, step]) => `${name}: ${step}`);
    progress.detail(steps.join(", "));
  };
  const begin = (): void => {
    progress.begin(`${String(outcomes.size + failed.length)}/${String(projects.length)} projects`);
    show();
  };
  const worker = async (): Promise<void> => {
    for (let project = waiting.shift(); project; project = waiting.shift()) {
      const { name } = project;
      try {
        const step = (what: string): void => {
          running.set(name, what);
          show();
        };
        const versions = await runProject(project, { pulumi, progress: step });
        const outcome = { project, versions };
        outcomes.set(project, outcome);
        progress.end();
        console.log(outcomeText(outcome));
      } catch (error) {
        failed.push(name);
        progress.end();
        console.log(`${name} FAILED at ${running.get(name) ?? ""}: ${(error as Error).message}\n`);
      }
      running.delete(name);
      begin();
    }
  };
  begin();
  await Promise.all(Array.from({ length: PARALLELISM }, worker));
  progress.end();

  console.log(`${String(outcomes.size)} as expected, ${String(failed.length)} not`);
  if (failed.length > 0) {
    console.log(`Not as expected: ${failed.join(", ")}`);
    return 1;
  }
  if (projects.length === PROJECTS.length) {
    await writePage(inOrder(outcomes), pulumi.version);
  }
  return 0;
}

function inOrder(outcomes: ReadonlyMap<StrangersProject, Outcome>): Outcome[] {
  return PROJECTS.flatMap((project) => outcomes.get(project) ?? []);
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
