import { Progress } from "../../dev/progress";
import { createLifecycle } from "../../provider/lifecycle/lifecycle";
import { KeyLost, killedStacks, runKilledStack } from "../engine/killedHistories";
import { BrokenHistory, walk, type Walked } from "./walk";

/*
 * The proof of the promise, deeper than `npm test` has time for: every history of the model to
 * another depth, then kills under Pulumi's own engine until ten minutes have passed.
 * PROVE_MINUTES and PROVE_SEED change how long, and which kills.
 */

const STARTED = Date.now();
const MINUTES = Number(process.env["PROVE_MINUTES"] ?? 10);
const SEED = Number(process.env["PROVE_SEED"] ?? STARTED % 1_000_000);
const progress = new Progress(process.stderr);

const DEPTH = { actions: 5, faults: 3 };
const ROTATIONS = 6;
const STACKS = 1_000;

async function main(): Promise<void> {
  const walked = await walkModel();
  const histories = await runKills();
  console.log(
    [
      "",
      "The current key of the last finished state worked on the data plane in every history:",
      `  ${walked.histories.toLocaleString("en")} of the model, in ${walked.situations.toLocaleString("en")} situations, of up to ${String(DEPTH.actions)} actions and ${String(DEPTH.faults)} faults`,
      `  ${String(histories)} under Pulumi's engine with a process killed (seed ${String(SEED)})`,
      `in ${String(Math.round((Date.now() - STARTED) / 1_000))} seconds.`,
    ].join("\n"),
  );
}

function walkModel(): Promise<Walked> {
  progress.begin("model");
  return walk({
    createLifecycle,
    ...DEPTH,
    progress: (actions, done) => {
      progress.detail(`${bar(done)} of ${String(actions)} of ${String(DEPTH.actions)} actions`);
    },
    walked: ({ actions, histories }) => {
      progress.end();
      console.log(
        `model: ${histories.toLocaleString("en")} histories of up to ${String(actions)} actions`,
      );
    },
  });
}

async function runKills(): Promise<number> {
  const end = STARTED + MINUTES * 60_000;
  const began = Date.now();
  let histories = 0;
  progress.begin(`engine, seed ${String(SEED)}`);
  for (const stack of killedStacks(SEED, STACKS, ROTATIONS)) {
    // At least one of each kind, however long the model took.
    if (Date.now() > end && histories >= 4 * ROTATIONS) break;
    const done = Math.min(1, (Date.now() - began) / Math.max(1, end - began));
    progress.detail(`${bar(done)}, ${String(histories)} histories`);
    await runKilledStack(stack);
    histories += ROTATIONS;
  }
  progress.end();
  console.log(`engine: ${String(histories)} histories with a process killed`);
  return histories;
}

function bar(done: number): string {
  const width = 30;
  const filled = Math.round(done * width);
  const percent = String(Math.floor(done * 100)).padStart(3);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)} ${percent} %`;
}

main().catch((error: unknown) => {
  progress.end();
  const broken = error instanceof BrokenHistory || error instanceof KeyLost;
  console.error(broken ? `\nTHE PROMISE IS BROKEN: ${error.message}` : error);
  process.exitCode = 1;
});
