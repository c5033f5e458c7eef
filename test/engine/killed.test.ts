import { host } from "../support/hosts";
import { killedStacks, KINDS_OF_STACKS, runKilledStack } from "./killedHistories";

jest.setTimeout(120_000);

/** Drawn anew for each run; PROVE_SEED repeats one. */
const SEED = Number(process.env["PROVE_SEED"] ?? Date.now() % 1_000_000);

describe(`48 histories in which a process is killed, seed ${String(SEED)}`, () => {
  test.each(
    killedStacks(SEED, KINDS_OF_STACKS, 6).map(
      (stack, index) => [index + 1, stack.killed, stack.during, stack.keysIn, stack] as const,
    ),
  )(
    "stack %i: kill -9 of the %s during %s, with keys in %s, costs no key in use",
    async (_number, _killed, _during, _keysIn, stack) => {
      await runKilledStack(stack, host);
    },
  );
});
