import { BrokenMeasurement } from "../brokenMeasurement";
import { milliseconds, ratioRow } from "../compare";
import type { Measurement } from "../measurement";
import { runProgram } from "../runProgram";
import { requireRequests, rotationRequests, withSimulator } from "../simulatorProcess";
import { leastTime, leastTimeInWords } from "../writesBucket";

const AT_ONCE = 64;

interface Outcome {
  readonly milliseconds: number;
  readonly failures: readonly string[];
}

export const throttled: Measurement = {
  name: "throttled",
  run: async ({ choose, progress }) => {
    const rotations = choose(1_000, 250);
    const bound = leastTime(rotations);
    const rounds = choose(3, 1);
    const times: number[] = [];
    const refused: number[] = [];
    while (times.length < rounds) {
      progress(
        `round ${String(times.length + 1)} of ${String(rounds)}, at least ${milliseconds(bound)}`,
      );
      // A simulator for each round: its bucket is full.
      await withSimulator({ throttle: true }, async (simulator) => {
        const { output } = await runProgram<Outcome>("manyRotations.js", {
          input: { accountIds: await simulator.createAccounts(rotations), atOnce: AT_ONCE },
          environment: simulator.environment,
        });
        const [failure] = output.failures;
        if (failure !== undefined) {
          throw new BrokenMeasurement(`${String(output.failures.length)} failed: ${failure}`);
        }
        const counts = await simulator.takeRequests();
        const answered = Object.entries(counts).filter(([name]) => !name.endsWith(" 429"));
        requireRequests(Object.fromEntries(answered), rotationRequests(rotations));
        times.push(output.milliseconds);
        refused.push((counts["get 429"] ?? 0) + (counts["regenerateKeys 429"] ?? 0));
      });
    }
    return [
      ratioRow({
        what: `${rotations.toLocaleString("en")} rotations under Resource Manager's own throttling, ${String(AT_ONCE)} at once, none failed; ${refused.join(", ")} requests answered 429`,
        against: leastTimeInWords(rotations),
        pairs: { ours: times, theirs: times.map(() => bound) },
        unit: milliseconds,
        goal: 1.05,
      }),
    ];
  },
};
