import { byTurns, spread } from "../measure";
import type { Measurement, Row } from "../measurement";
import type { Point } from "../chart";
import { requireRequests, rotationRequests } from "../requests";
import { milliseconds, ratioRow } from "../rows";
import { withSimulator } from "../simulatorProcess";
import { KINDS, requireAsMuchState, withStacks, type Kind } from "../stack";

export const growth: Measurement = {
  name: "growth",
  run: async ({ pulumi, choose, progress }) => {
    const rows: Row[] = [];
    const points: Record<Kind, Point[]> = { rotations: [], sameState: [], empty: [] };
    const kinds = Object.keys(points) as Kind[];
    for (const count of choose([1, 10, 100, 1_000], [1, 10])) {
      const resources = count.toLocaleString("en");
      const times = await withSimulator({}, async (simulator) => {
        const accountIds = await simulator.createAccounts(count);
        const created = await withStacks(
          { pulumi, simulator, accountIds },
          kinds,
          async (stacks) => {
            const create = (kind: Kind) => () => stacks[kind].up(1, "created");
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
      for (const kind of kinds)
        points[kind].push({ x: count, y: spread(times[kind]).median / 1_000 });
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
    return {
      rows,
      chart: {
        title: "Seconds of one pulumi up, by the number of resources that it creates",
        xLabel: "resources",
        yLabel: "seconds",
        series: kinds.map((kind) => ({ name: KINDS[kind], points: points[kind] })),
      },
    };
  },
};
