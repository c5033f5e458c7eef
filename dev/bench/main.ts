/**
 * `npm run bench`: this package beside what its users would otherwise run, on the embedded Azure.
 * `--quick` takes two minutes and writes no page; `--only <name>` measures one thing;
 * `--with-azure-cli` installs `az` where it is missing.
 */
import { parseArgs } from "node:util";
import { Progress } from "../progress";
import { ensurePulumi } from "../pulumi-cli/ensurePulumi";
import { findAzureCli, installAzureCli } from "./azureCli";
import type { Measurement, Row } from "./measurement";
import { coldProcess } from "./measurements/coldProcess";
import { fleet } from "./measurements/fleet";
import { growth } from "./measurements/growth";
import { hundredAccounts } from "./measurements/hundredAccounts";
import { keyVaultSecret } from "./measurements/keyVaultSecret";
import { listing } from "./measurements/listing";
import { oneRotation } from "./measurements/oneRotation";
import { plugin } from "./measurements/plugin";
import { requiring } from "./measurements/requiring";
import { state } from "./measurements/state";
import { throttled } from "./measurements/throttled";
import { update } from "./measurements/update";
import { verification } from "./measurements/verification";
import { machine, rowText, writePage } from "./report";

/** In the order of the page. */
const MEASUREMENTS: readonly Measurement[] = [
  oneRotation,
  verification,
  coldProcess,
  requiring,
  listing,
  state,
  throttled,
  update,
  keyVaultSecret,
  plugin,
  hundredAccounts,
  growth,
  fleet,
];

/** As a shell shows it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const { quick, only, withAzureCli } = readArguments();
  const measurements = MEASUREMENTS.filter(({ name }) => only === undefined || name === only);
  if (measurements.length === 0) {
    throw new Error(`--only takes one of ${MEASUREMENTS.map(({ name }) => name).join(", ")}`);
  }
  const progress = new Progress(process.stderr);
  const pulumi = await ensurePulumi({ progress });
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      interruption.abort();
    });
  }

  const rows: Row[] = [];
  let broken = 0;
  try {
    const install = (what: string): void => {
      progress.begin(what);
    };
    const azureCli = withAzureCli ? await installAzureCli(install) : await findAzureCli();
    progress.end();
    console.log(`Measuring on ${machine(pulumi.version)}.${quick ? " Quick: small sizes." : ""}\n`);
    for (const [index, { name, run }] of measurements.entries()) {
      const place = `${String(index + 1)}/${String(measurements.length)} ${name}`;
      try {
        const measured = await run({
          pulumi,
          azureCli,
          choose: (full, small) => (quick ? small : full),
          progress: (what) => {
            interruption.signal.throwIfAborted();
            progress.begin(`${place}: ${what}`);
          },
        });
        progress.end();
        for (const row of measured) console.log(`${rowText(row)}\n`);
        rows.push(...measured);
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
  if (!quick && only === undefined) await writePage(rows, pulumi.version);
  return 0;
}

/** @throws an Error that names what it does not know. */
function readArguments(): { quick: boolean; only: string | undefined; withAzureCli: boolean } {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      "with-azure-cli": { type: "boolean", default: false },
    },
  });
  return { quick: values.quick, only: values.only, withAzureCli: values["with-azure-cli"] };
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
