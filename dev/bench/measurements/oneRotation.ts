import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { milliseconds, ratioRow } from "../compare";
import type { Measurement } from "../measurement";
import { runProgram } from "../runProgram";
import { requireRequests, withSimulator } from "../simulatorProcess";

const ROTATIONS_IN_TURN = 20;
/** Until what runs often is compiled. */
const WARM_UP = 20;

type Times = Record<"lifecycle" | "fetch" | "https", number[]>;

export const oneRotation: Measurement = {
  name: "one-rotation",
  run: ({ choose, progress }) =>
    withSimulator({}, async (simulator) => {
      progress("by the lifecycle, by fetch and by node:https");
      const turns = WARM_UP + choose(200, 20);
      const [accountId] = await simulator.createAccounts(1);
      // A rotation asks whether Pulumi's engine is still there: that is part of what it costs.
      const engine = createServer().listen(0, "127.0.0.1");
      await once(engine, "listening");
      const { port } = engine.address() as AddressInfo;
      const { output } = await runProgram<Times>("oneRotation.js", {
        arguments: [`127.0.0.1:${String(port)}`],
        input: { accountId, url: simulator.url, turns, rotationsInTurn: ROTATIONS_IN_TURN },
        environment: simulator.environment,
      }).finally(() => engine.close()); // or the bench would not end
      // By three contenders, and the one that creates the resource.
      const rotations = turns * ROTATIONS_IN_TURN * 3 + 1;
      const requests = { "get 200": rotations, "regenerateKeys 200": rotations };
      requireRequests(await simulator.takeRequests(), requests);

      const warm = (times: number[]): number[] => times.slice(WARM_UP);
      const against = (what: string, theirs: number[], goal: number) =>
        ratioRow({
          what: "one rotation in a warm process",
          against: `the same two requests by ${what}, token at hand`,
          pairs: { ours: warm(output.lifecycle), theirs: warm(theirs) },
          unit: milliseconds,
          goal,
        });
      return [
        against("fetch", output.fetch, 1),
        against("node:https with keep-alive", output.https, 1.5),
      ];
    }),
};
