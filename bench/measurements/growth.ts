import { byTurns, spread } from "../measure";
import type { Measurement, Row } from "../measurement";
import type { Point } from "../chart";
import { requireRequests, rotationRequests } from "../requests";
import { milliseconds, ratioRow } from "../rows";
import { withSimulator } from "../simulatorProcess";
import { withStacks, type Stacks } from "../stack";

const NAMES: Readonly<Record<keyof Stacks, string>> = {
  ours: "rotations",
  empty: "empty dynamic resources",
  sameState: "dynamic resources with as much state",
};

export const growth: Measurement = {
  name: "growth",
  run: async ({ pulumi, choose, progress }) => {
    const rows: Row[] = [];
    const points: Record<keyof Stacks, Point[]> = { ours: [], empty: [], sameState: [] };
    for (const count of choose([1, 10, 100, 1_000], [1, 10])) {
      const resources = count.toLocaleString("en");
      const times = await withSimulator({}, async (simulator) => {
        const accountIds = await simulator.createAccounts(count);
        const taken = await withStacks({ pulumi, simulator, accountIds }, (stacks) => {
          const create = (stack: keyof Stacks) => () => stacks[stack].up(1, "created");
          // Created once: the largest takes minutes, of which a moment's disturbance is a small part.
          return byTurns(
            1,
            { ours: create("ours"), empty: create("empty"), sameState: create("sameState") },
            () => {
              progress(`${resources} resources, three times`);
            },
          );
        });
        requireRequests(await simulator.takeRequests(), rotationRequests(count));
        return taken;
      });
      for (const name of ["ours", "empty", "sameState"] as const) {
        points[name].push({ x: count, y: spread(times[name]).median / 1_000 });
      }
      for (const name of ["empty", "sameState"] as const) {
        rows.push(
          ratioRow({
            what: `pulumi up that creates ${resources} rotations`,
            against: `as many ${NAMES[name]}`,
            pairs: { ours: times.ours, theirs: times[name] },
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
        series: (["ours", "sameState", "empty"] as const).map((name) => ({
          name: NAMES[name],
          points: points[name],
        })),
      },
    };
  },
};
