import { byTurns } from "../measure";
import type { Measurement } from "../measurement";
import { requireRequests, rotationRequests } from "../requests";
import { milliseconds, ratioRow } from "../rows";
import { withSimulator } from "../simulatorProcess";
import { requireNoMoreState, withStacks } from "../stack";

export const update: Measurement = {
  name: "update",
  run: ({ pulumi, choose, progress }) =>
    withSimulator({}, async (simulator) => {
      const count = choose(200, 20);
      const rounds = choose(3, 1);
      const accountIds = await simulator.createAccounts(count);
      return withStacks({ pulumi, simulator, accountIds }, async (stacks) => {
        const { ours, empty, sameState } = stacks;
        progress(`creating three stacks of ${String(count)} resources`);
        for (const stack of [ours, empty, sameState]) await stack.up(1, "created");
        await requireNoMoreState(stacks);
        await simulator.takeRequests();

        let version = 1;
        const measure = (outcome: "updated" | "unchanged") =>
          byTurns(
            rounds,
            {
              ours: () => ours.up(outcome === "updated" ? (version += 1) : version, outcome),
              empty: () => empty.up(version, outcome),
              sameState: () => sameState.up(version, outcome),
            },
            (what) => {
              progress(`${outcome}, ${what}`);
            },
          );
        const updated = await measure("updated");
        requireRequests(await simulator.takeRequests(), rotationRequests(count * rounds));
        const unchanged = await measure("unchanged");
        requireRequests(await simulator.takeRequests(), {});

        const rows = (what: string, times: typeof updated, goal: number) =>
          (
            [
              [`${String(count)} empty dynamic resources`, times.empty, goal],
              [
                "as many that keep as much in state and do nothing else",
                times.sameState,
                undefined,
              ],
            ] as const
          ).map(([against, theirs, most]) =>
            ratioRow({
              what,
              against: `the same of ${against}`,
              pairs: { ours: times.ours, theirs },
              unit: milliseconds,
              ...(most === undefined ? {} : { goal: most }),
            }),
          );
        return {
          rows: [
            ...rows(`pulumi up that rotates ${String(count)} accounts`, updated, 1.15),
            ...rows(
              `pulumi up without changes, ${String(count)} rotations; no request to Azure`,
              unchanged,
              1.05,
            ),
          ],
        };
      });
    }),
};
