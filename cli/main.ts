#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from "commander";
import { durationProblem } from "../provider/rotation/duration";
import type * as Simulated from "./simulator/simulated";
import { exitCodeOf, formatReport } from "./status/report";
import { exportedFile, type Source, stackOfProject, stacksOfProject } from "./status/sources";
import { messageOf, reportOn } from "./status/status";
import { terminalOf } from "./status/terminal";

interface StatusOptions {
  readonly stack?: readonly string[];
  readonly all?: boolean;
  readonly json?: boolean;
  readonly grace?: string;
}

const { name, version, description } =
  require("pulumi-azure-batch-key-rotation/package.json") as Record<
    "name" | "version" | "description",
    string
  >;

const program = new Command(name).description(description).version(version);

program
  .command("status")
  .description("shows every rotation of a stack, the most urgent first; asks nothing of Azure")
  .argument("[files...]", 'what "pulumi stack export" has written; - is standard input')
  .option("-s, --stack <name>", "a stack of this folder's project (may be repeated)", collect)
  .addOption(new Option("-a, --all", "every stack of this folder's project").conflicts("stack"))
  .option("--json", "prints all that is known, as JSON")
  .option("--grace <duration>", 'how late is not too late yet, e.g. "P1D" for a day', duration)
  .addHelpText(
    "after",
    "\nExit codes: 0 all is well; 1 something could not be read; 2 a rotation is overdue or unfinished,\nor its state cannot be read.",
  )
  .action(status);

program
  .command("simulator")
  .description("runs a command, by default a shell, with a simulated Azure for Pulumi to talk to")
  .argument(
    "[command...]",
    "what to run, after --, such as: -- pulumi up; its account is in BATCH_ACCOUNT_ID",
  )
  .action(simulator);

async function simulator(args: readonly string[], _: unknown, command: Command): Promise<void> {
  try {
    // Only here: status need not wait until a simulator is loaded.
    const { runSimulated } = require("./simulator/simulated") as typeof Simulated;
    process.exitCode = await runSimulated(args);
  } catch (error) {
    command.error(`error: ${messageOf(error)}`);
  }
}

async function status(
  files: readonly string[],
  options: StatusOptions,
  command: Command,
): Promise<void> {
  const { stack, all = false, json = false, grace } = options;
  if (files.length > 0 && (all || stack !== undefined)) {
    command.error("error: name files, or stacks, not both");
  }
  let sources: readonly Source[];
  try {
    sources =
      files.length > 0
        ? files.map(exportedFile)
        : all
          ? await stacksOfProject()
          : (stack ?? [undefined]).map(stackOfProject);
  } catch (error) {
    command.error(`error: ${messageOf(error)}`);
  }
  const report = await reportOn(sources, new Date(), grace);
  for (const { source, message } of report.failures) {
    process.stderr.write(`error: could not read ${source}: ${message}\n`);
  }
  const isEmpty = report.states === 0 && report.failures.length > 0;
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (!isEmpty) process.stdout.write(`${formatReport(report, terminalOf(process.stdout))}\n`);
  process.exitCode = exitCodeOf(report);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function duration(value: string): string {
  const problem = durationProblem(value);
  if (problem !== undefined) throw new InvalidArgumentError(`${problem}.`);
  return value;
}

// Whoever reads this may have seen enough: "… | head".
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void program.parseAsync();
