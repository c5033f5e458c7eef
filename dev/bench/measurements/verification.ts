import { differences, milliseconds, type Pairs, ratioRow } from "../compare";
import type { Measurement } from "../measurement";
import { runProgram } from "../runProgram";
import { requireRequests, withSimulator } from "../simulatorProcess";

/** So that a round trip is what takes the time. */
const LATENCY_MS = 50;

type Times = Record<"verified" | "untried" | "roundTrip", number[]>;

export const verification: Measurement = {
  name: "verification",
  run: ({ choose, progress }) =>
    withSimulator({ latencyMs: LATENCY_MS }, async (simulator) => {
      progress("with and without a try of the new key");
      const turns = choose(50, 5);
      const [accountId] = await simulator.createAccounts(1);
      const { output } = await runProgram<Times>("verification.js", {
        input: { accountId, url: simulator.url, turns },
        environment: simulator.environment,
      });
      requireRequests(await simulator.takeRequests(), {
        "get 200": 2 * turns + 1,
        "regenerateKeys 200": 2 * turns + 1,
        "dataPlane 200": turns + 1,
        "dataPlane 403": turns + 1,
      });
      const trial: Pairs = { ours: output.verified, theirs: output.untried };
      return [
        ratioRow({
          what: "what trying the new key adds to a rotation, when it works at once",
          against: `one round trip to the data plane, of ${String(LATENCY_MS)} ms`,
          pairs: { ours: differences(trial), theirs: output.roundTrip },
          unit: milliseconds,
          goal: 1.5,
        }),
      ];
    }),
};
