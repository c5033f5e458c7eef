import { listAccounts } from "./accounts";
import { readArguments } from "./arguments";
import { atOnce } from "./atOnce";
import { counted, failed, type Outcome, reasons } from "./outcome";
import { planStacks } from "./plan";
import { readState, stackNames, updateStack } from "./stacks";

/** Brings every account of the fleet to a version, and answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { version, parallel, subscriptions, isWholeFleet } = readArguments(args);
  const outcomes: Outcome[] = [];
  const tell = (what: string, found: readonly Outcome[]): void => {
    outcomes.push(...found);
    console.log([what, ...reasons(found)].join("\n"));
  };

  const listings = await atOnce(parallel, subscriptions, async (subscription) => {
    try {
      return [[subscription, await listAccounts(subscription.id)] as const];
    } catch (error) {
      tell(`${subscription.id} cannot be listed`, [failed(subscription.id, error)]);
      return [];
    }
  });
  const listed = new Map(listings.flat());
  const names = await stackNames();
  const states = new Map(
    await atOnce(parallel, names, async (name) => [name, await readState(name)] as const),
  );
  const fleet = isWholeFleet ? subscriptions.map(({ id }) => id) : undefined;
  const { stacks, leftAlone } = planStacks({ version, fleet, listed, states });
  tell(`${String(stacks.length)} stacks, ${String(parallel)} at once`, leftAlone);

  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      console.log(`${signal}: waits for the stacks that are under way, and begins no other`);
      interruption.abort();
    });
  }
  let ended = 0;
  await atOnce(parallel, stacks, async (plan) => {
    const startedAt = Date.now();
    console.log(`${plan.name}: ${String(plan.rotations.length)} accounts`);
    const found = interruption.signal.aborted
      ? [failed(plan.name, "interrupted before it began")]
      : await updateStack(plan, states.get(plan.name)).catch((error: unknown) => [
          failed(plan.name, error),
        ]);
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    ended += 1;
    const place = `${String(ended)}/${String(stacks.length)}`;
    tell(`${place} ${plan.name}: ${counted(found)} (${String(seconds)} s)`, found);
  });
  console.log(counted(outcomes));
  return outcomes.some(({ kind }) => kind === "failed") ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
