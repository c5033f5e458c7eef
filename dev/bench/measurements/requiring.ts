import { BrokenMeasurement } from "../brokenMeasurement";
import { differenceRow, milliseconds } from "../compare";
import type { Measurement } from "../measurement";
import { runProgram } from "../runProgram";

interface Loaded {
  readonly alone: number;
  readonly both: number;
  readonly loaded: readonly string[];
}

/** An HTTP stack, Node.js's own or another; signing in; the generated classes of azure-native. */
const TOO_EARLY = /@azure\/|azure-native|undici|NativeModule (https?|http2|tls)$/;

export const requiring: Measurement = {
  name: "require",
  run: async ({ choose, progress }) => {
    const runs: Loaded[] = [];
    const rounds = choose(20, 3);
    while (runs.length < rounds) {
      progress(`round ${String(runs.length + 1)} of ${String(rounds)}`);
      const { output } = await runProgram<Loaded>("requiring.js", { environment: {} });
      const tooEarly = output.loaded.filter((name) => TOO_EARLY.test(name));
      if (tooEarly.length > 0) throw new BrokenMeasurement(`loaded early: ${tooEarly.join(", ")}`);
      runs.push(output);
    }
    return [
      differenceRow({
        what: "require of the package in a program",
        against: "@pulumi/pulumi alone, in the same process",
        pairs: { ours: runs.map(({ both }) => both), theirs: runs.map(({ alone }) => alone) },
        unit: milliseconds,
        goal: 10,
      }),
    ];
  },
};
