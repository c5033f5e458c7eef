import { byTurns, milliseconds, ratioRow } from "../compare";
import type { Measurement, Row } from "../measurement";
import { requireRequests, rotationRequests, withSimulator } from "../simulatorProcess";
import { KINDS, requireAsMuchState, withStacks } from "../stack";

export const growth: Measurement = {
  name: "growth",
  run: async ({ pulumi, choose, progress }) => {
    const rows: Row[] = [];
    for (const count of choose([1, 10, 100, 1_000], [1, 10])) {
      const resources = count.toLocaleString("en");
      const times = await withSimulator({}, async (simulator) => {
        const accountIds = await simulator.createAccounts(count);
        const created = await withStacks(
          { pulumi, simulator, accountIds },
          ["rotations", "sameState", "empty"],
          async (stacks) => {
            const create = (kind: keyof typeof stacks) => () => stacks[kind].up(1, "created");
            // Created once: the largest takes minutes, of which a moment's disturbance is a small part.
            const taken = await byTurns(
              1,
              {
                rotations: create("rotations"),
                sameState: create("sameState"),
                empty: create("empty"),
              },
              (what) => {
                progress(`${resources} resources, ${what}`);
              },
            );
            await requireAsMuchState(stacks);
            return taken;
          },
        );
        requireRequests(await simulator.takeRequests(), rotationRequests(count));
        return created;
      });
      for (const kind of ["empty", "sameState"] as const) {
        rows.push(
          ratioRow({
            what: `pulumi up that creates ${resources} rotations`,
            against: `as many ${KINDS[kind]}`,
            pairs: { ours: times.rotations, theirs: times[kind] },
            unit: milliseconds,
          }),
        );
      }
    }
    return rows;
  },
};
