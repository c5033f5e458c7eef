import { Progress } from "../../dev/progress";
import { createLifecycle } from "../../provider/lifecycle/lifecycle";
import { KeyLost, killedStacks, KINDS_OF_STACKS, runKilledStack } from "../engine/killedHistories";
import { DYNAMIC, HOSTS } from "../support/hosts";
import { BrokenHistory, walk, type Walked } from "./walk";

/*
 * The proof of the promise, deeper than `npm test` has time for: every history of the model to
 * another depth, with keys in state and in Key Vault secrets, then kills under Pulumi's own engine
 * until ten minutes have passed.
 * PROVE_MINUTES and PROVE_SEED change how long, and which kills.
 */

const STARTED = Date.now();
const MINUTES = Number(process.env["PROVE_MINUTES"] ?? 10);
const SEED = Number(process.env["PROVE_SEED"] ?? STARTED % 1_000_000);
const progress = new Progress(process.stderr);

const MODELS = [
  { name: "model", actions: 4, faults: 3, usesVault: false },
  { name: "model with secrets", actions: 3, faults: 3, usesVault: true },
] as const;
type Model = (typeof MODELS)[number];
const ROTATIONS = 6;
const STACKS = 1_000;

async function main(): Promise<void> {
  const walked: string[] = [];
  for (const model of MODELS) walked.push(inWords(model, await walkModel(model)));
  const histories = await runKills();
  console.log(
    [
      "",
      "The current key of the last finished state worked on the data plane in every history:",
      ...walked,
      `  ${String(histories)} under Pulumi's engine with a process killed (seed ${String(SEED)})`,
      `in ${String(Math.round((Date.now() - STARTED) / 1_000))} seconds.`,
    ].join("\n"),
  );
}

function inWords({ name, actions, faults }: Model, { histories, situations }: Walked): string {
  return `  ${histories.toLocaleString("en")} of the ${name}, in ${situations.toLocaleString("en")} situations, of up to ${String(actions)} actions and ${String(faults)} faults`;
}

function walkModel({ name, ...depth }: Model): Promise<Walked> {
  progress.begin(name);
  return walk({
    createLifecycle,
    ...depth,
    progress: (actions, done) => {
      progress.detail(`${bar(done)} of ${String(actions)} of ${String(depth.actions)} actions`);
    },
    walked: ({ actions, histories }) => {
      progress.end();
      console.log(
        `${name}: ${histories.toLocaleString("en")} histories of up to ${String(actions)} actions`,
      );
    },
  });
}

async function runKills(): Promise<number> {
  const end = STARTED + MINUTES * 60_000;
  const began = Date.now();
  let histories = 0;
  progress.begin(`engine, seed ${String(SEED)}`);
  for (const [index, stack] of killedStacks(SEED, STACKS, ROTATIONS).entries()) {
    const host = HOSTS[Math.floor(index / KINDS_OF_STACKS) % HOSTS.length] ?? DYNAMIC;
    // At least one of each kind on each host, however long the model took.
    if (Date.now() > end && index >= KINDS_OF_STACKS * HOSTS.length) break;
    const done = Math.min(1, (Date.now() - began) / Math.max(1, end - began));
    progress.detail(`${bar(done)}, ${String(histories)} histories`);
    await runKilledStack(stack, host);
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
