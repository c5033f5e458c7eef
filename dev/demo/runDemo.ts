import * as path from "node:path";
import { type RecordedRequest, startSimulator } from "../../simulator/index";
import { Progress } from "../progress";
import type { PulumiInstallation } from "../pulumi-cli/installation";
import { createWorkspace } from "../workspace/createWorkspace";
import { Application } from "./application";
import { budgetUse } from "./budget";
import { dataPlaneOf } from "./dataPlane";
import { judge } from "./judge";
import { performAndObserve } from "./observe";
import {
  colourful,
  type DemoResult,
  introduction,
  plain,
  row,
  summary,
  tableHeading,
} from "./report";
import { type Step, steps } from "./steps";

const QUICKSTART = path.resolve(__dirname, "../../examples/quickstart");
const ACCOUNT_NAME = "demobatch";

export interface DemoOptions {
  readonly pulumi: PulumiInstallation;
  readonly write: (text: string) => unknown;
  /** Whether `write` goes to a terminal, which shows a line while a step runs. @default false */
  readonly live?: boolean;
  /** The width of the terminal. @default 80 */
  readonly columns?: number | undefined;
  /** @default false */
  readonly colour?: boolean;
  /** Ends the demo early. */
  readonly signal?: AbortSignal;
  /** @default the whole life of a stack */
  readonly play?: readonly Step[];
}

/** Plays the demo. It leaves neither a file nor a process behind, however it ends. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { pulumi, write, live = false, columns, colour = false, play = steps } = options;
  const { signal = new AbortController().signal } = options;
  const startedAt = Date.now();
  const paint = colour ? colourful : plain;
  const progress = new Progress({ write, isTTY: live, columns });
  const running = (what: string): void => {
    if (live) progress.begin(what); // in a log it would come between the rows of the table
  };
  const problems: string[] = [];
  const cleanUps: (() => Promise<void>)[] = [];

  // Throttling as Azure's own, so that the budget is kept and not only counted.
  const simulator = await startSimulator({ throttle: true });
  const account = simulator.account(simulator.createAccount({ name: ACCOUNT_NAME }));
  const dataPlane = dataPlaneOf({
    accountName: ACCOUNT_NAME,
    endpoint: simulator.url,
    certificateAuthority: simulator.certificateAuthority,
  });
  // Before Pulumi comes, the application holds the key that the program calls liveKey.
  const application = new Application(dataPlane, account.keys().primary);
  cleanUps.push(
    () => simulator.close(),
    () => application.stop(),
  );

  let checks = 0;
  let failedChecks = 0;
  try {
    progress.print(introduction(pulumi.version, paint));
    progress.print(tableHeading(paint));
    running("(preparing)");
    const environment = simulator.environment();
    const workspace = await createWorkspace({ pulumi, project: QUICKSTART, environment });
    cleanUps.push(() => workspace.dispose());
    await workspace.setConfig("accountId", account.id);

    const handOver = (currentKey: string): void => {
      application.use(currentKey);
    };
    for (const step of play) {
      signal.throwIfAborted();
      running(step.title);
      const stage = { workspace, account, signal, simulator, dataPlane, handOver };
      const found = await performAndObserve(step, stage);
      progress.print(row(step.title, found, paint));
      if (found.current !== undefined) {
        checks += 1;
        failedChecks += found.current.works ? 0 : 1;
      }
      const wrong = judge(found, step.expected);
      problems.push(...wrong.map((problem) => `After "${step.title}": ${problem}`));
      // What follows builds on what this step should have done.
      if (wrong.length > 0) break;
    }
  } catch (error) {
    problems.push(signal.aborted ? "It was interrupted." : (error as Error).message);
  }
  running("(cleaning up)");
  for (const cleanUp of cleanUps.reverse()) {
    await cleanUp().catch((error: unknown) => problems.push((error as Error).message));
  }

  const failedSignIns = application.failures + failedChecks;
  if (application.failures > 0) {
    problems.push(`${String(application.failures)} sign-ins of the application failed.`);
  }
  const result: DemoResult = {
    rotations: simulator.requests.filter(isRotation).length,
    budgetUse: budgetUse(simulator.requests),
    throttled: simulator.throttledRequests,
    signIns: application.signIns + checks,
    failedSignIns,
    problems,
    seconds: (Date.now() - startedAt) / 1_000,
  };
  progress.print(summary(result, paint));
  return result;
}

function isRotation({ operation, status }: RecordedRequest): boolean {
  return operation === "regenerateKeys" && status === 200;
}
