import { byTurns, milliseconds, ratioRow } from "../compare";
import type { Measurement } from "../measurement";
import { requireRequests, rotationRequests, withSimulator } from "../simulatorProcess";
import { KINDS, requireAsMuchState, withStacks } from "../stack";

export const update: Measurement = {
  name: "update",
  run: ({ pulumi, choose, progress }) =>
    withSimulator({}, async (simulator) => {
      const count = choose(200, 20);
      const rounds = choose(3, 1);
      const accountIds = await simulator.createAccounts(count);
      const kinds = ["rotations", "empty", "sameState"] as const;
      return withStacks({ pulumi, simulator, accountIds }, kinds, async (stacks) => {
        const { rotations, empty, sameState } = stacks;
        progress(`creating three stacks of ${String(count)} resources`);
        for (const stack of [rotations, empty, sameState]) await stack.up(1, "created");
        await requireAsMuchState(stacks);
        await simulator.takeRequests();

        let version = 1;
        const measure = (outcome: "updated" | "unchanged") =>
          byTurns(
            rounds,
            {
              rotations: () =>
                rotations.up(outcome === "updated" ? (version += 1) : version, outcome),
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

        const against = (
          what: string,
          times: typeof updated,
          kind: "empty" | "sameState",
          goal = {},
        ) =>
          ratioRow({
            what,
            against: `the same of as many ${KINDS[kind]}`,
            pairs: { ours: times.rotations, theirs: times[kind] },
            unit: milliseconds,
            ...goal,
          });
        const rotating = `pulumi up that rotates ${String(count)} accounts`;
        const nothing = `pulumi up without changes, ${String(count)} rotations; no request to Azure`;
        return [
          against(rotating, updated, "empty", { goal: 1.15 }),
          against(rotating, updated, "sameState"),
          against(nothing, unchanged, "empty", { goal: 1.05 }),
          against(nothing, unchanged, "sameState"),
        ];
      });
    }),
};
