import { byTurns, spread } from "../measure";
import type { Measurement, Row } from "../measurement";
import type { Point } from "../chart";
import { requireRequests, rotationRequests } from "../requests";
import { milliseconds, ratioRow } from "../rows";
import { withSimulator } from "../simulatorProcess";
import { withStackAndEmptyOne } from "../stack";

export const growth: Measurement = {
  name: "growth",
  run: async ({ pulumi, choose, progress }) => {
    const rows: Row[] = [];
    const rotations: Point[] = [];
    const empties: Point[] = [];
    for (const count of choose([1, 10, 100, 1_000], [1, 10])) {
      await withSimulator({}, async (simulator) => {
        const accountIds = await simulator.createAccounts(count);
        await withStackAndEmptyOne({ pulumi, simulator, accountIds }, async (ours, empty) => {
          const label = `${count.toLocaleString("en")} resources`;
          // Created once: the largest takes minutes, of which a moment's disturbance is a small part.
          const times = await byTurns(
            1,
            {
              rotations: () => ours.up(1, "created"),
              "empty resources": () => empty.up(1, "created"),
            },
            (what) => {
              progress(`${label}, ${what}`);
            },
          );
          requireRequests(await simulator.takeRequests(), rotationRequests(count));
          const pairs = { ours: times.rotations, theirs: times["empty resources"] };
          rotations.push({ x: count, y: spread(pairs.ours).median / 1_000 });
          empties.push({ x: count, y: spread(pairs.theirs).median / 1_000 });
          rows.push(
            ratioRow({
              what: `pulumi up that creates ${count.toLocaleString("en")} rotations`,
              against: "as many empty dynamic resources",
              pairs,
              unit: milliseconds,
            }),
          );
        });
      });
    }
    return {
      rows,
      chart: {
        title: "Seconds of one pulumi up, by the number of resources that it creates",
        xLabel: "resources",
        yLabel: "seconds",
        series: [
          { name: "rotations", points: rotations },
          { name: "empty dynamic resources", points: empties },
        ],
      },
    };
  },
};
