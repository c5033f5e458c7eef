/**
 * `npm run bench`: this package beside what its users would otherwise run, on the embedded Azure.
 * `--quick` takes two minutes and writes no documents; `--only <name>` measures one thing;
 * `--with-azure-cli` installs `az` where it is missing.
 */
import { ensurePulumi } from "../pulumi-cli/ensurePulumi";
import { Progress } from "../progress";
import { readArguments } from "./arguments";
import { findAzureCli, installAzureCli } from "./azureCli";
import type { Chart } from "./chart";
import { writeDocuments } from "./documents";
import type { Bench, Row } from "./measurement";
import { MEASUREMENTS } from "./measurements/index";
import { machine, rowText } from "./report";

/** As a shell shows it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const { quick, withAzureCli, measurements } = readArguments(process.argv.slice(2), MEASUREMENTS);
  const progress = new Progress(process.stderr);
  const pulumi = await ensurePulumi({ progress });
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      interruption.abort();
    });
  }

  const rows: Row[] = [];
  let chart: Chart | undefined;
  let broken = 0;
  try {
    const install = (what: string): void => {
      progress.begin(what);
    };
    const azureCli = withAzureCli ? await installAzureCli(install) : await findAzureCli();
    progress.end();
    console.log(`Measuring on ${machine(pulumi.version)}.${quick ? " Quick: small sizes." : ""}\n`);
    for (const [index, { name, run }] of measurements.entries()) {
      const bench: Bench = {
        pulumi,
        azureCli,
        choose: (full, small) => (quick ? small : full),
        progress: (what) => {
          interruption.signal.throwIfAborted();
          progress.begin(`${String(index + 1)}/${String(measurements.length)} ${name}: ${what}`);
        },
      };
      try {
        const measured = await run(bench);
        progress.end();
        for (const row of measured.rows) console.log(`${rowText(row)}\n`);
        rows.push(...measured.rows);
        chart ??= measured.chart;
      } catch (error) {
        if (interruption.signal.aborted) return INTERRUPTED;
        broken += 1;
        progress.end();
        console.log(`${name} is broken: ${(error as Error).message}\n`);
      }
    }
  } finally {
    progress.end();
  }
  if (broken > 0) return 1;
  const isWhole = measurements.length === MEASUREMENTS.length;
  if (!quick && isWhole && chart !== undefined) await writeDocuments(rows, chart, pulumi.version);
  return 0;
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
