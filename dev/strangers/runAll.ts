import type { Progress } from "../progress";
import type { PulumiInstallation } from "../pulumi-cli/installation";
import { type Outcome, outcomeText } from "./outcome";
import type { StrangersProject } from "./project";
import { runProject } from "./runProject";

/** Much of the time is a registry's, or an engine's that waits. */
const PARALLELISM = 2;

export interface Run {
  /** Those that came out as they say, in the order of the projects. */
  readonly outcomes: readonly Outcome[];
  /** The names of the others. */
  readonly failed: readonly string[];
}

/** Runs every project, whatever becomes of the others, and prints each as it ends. */
export async function runAll(
  projects: readonly StrangersProject[],
  pulumi: PulumiInstallation,
  progress: Progress,
  signal: AbortSignal,
): Promise<Run> {
  const outcomes = new Map<StrangersProject, Outcome>();
  const failed: string[] = [];
  const steps = new Map<string, string>();
  const waiting = [...projects];

  const show = (): void => {
    progress.detail([...steps].map(([name, step]) => `${name}: ${step}`).join(", "));
  };
  const begin = (): void => {
    progress.begin(`${String(outcomes.size + failed.length)}/${String(projects.length)} projects`);
    show();
  };
  const printResult = (text: string): void => {
    progress.end();
    console.log(text);
    begin();
  };
  const worker = async (): Promise<void> => {
    // Those that run clean up behind them.
    while (!signal.aborted) {
      const project = waiting.shift();
      if (project === undefined) return;
      const { name } = project;
      const tell = (step: string): void => {
        steps.set(name, step);
        show();
      };
      try {
        const outcome = {
          project,
          versions: await runProject(project, { pulumi, progress: tell }),
        };
        steps.delete(name);
        outcomes.set(project, outcome);
        printResult(outcomeText(outcome));
      } catch (error) {
        const step = steps.get(name) ?? "";
        steps.delete(name);
        failed.push(name);
        printResult(`${name} FAILED at ${step}: ${(error as Error).message}\n`);
      }
    }
  };

  begin();
  await Promise.all(Array.from({ length: PARALLELISM }, worker));
  progress.end();
  return { outcomes: projects.flatMap((project) => outcomes.get(project) ?? []), failed };
}
