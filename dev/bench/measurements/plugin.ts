import { byTurns, milliseconds, ratioRow } from "../compare";
import type { Measurement } from "../measurement";
import { requireRequests, rotationRequests, withSimulator } from "../simulatorProcess";
import { KINDS, withStacks } from "../stack";

const GOAL = 1;

/** The provider plugin beside the dynamic resource. */
export const plugin: Measurement = {
  name: "plugin",
  run: ({ pulumi, choose, progress }) =>
    withSimulator({}, async (simulator) => {
      const count = choose(200, 20);
      const rounds = choose(3, 1);
      const kinds = ["pluginRotations", "rotations"] as const;
      const accountIds = await simulator.createAccounts(count);
      return withStacks({ pulumi, simulator, accountIds }, kinds, async (stacks) => {
        const { pluginRotations, rotations } = stacks;
        // By turns a stack of another kind rotates the same accounts: each holds its own keys.
        progress(`creating two stacks of ${String(count)} rotations`);
        for (const kind of kinds) await stacks[kind].up(1, "created");
        await simulator.takeRequests();

        let version = 1;
        const measure = (outcome: "updated" | "unchanged") =>
          byTurns(
            rounds,
            {
              pluginRotations: () =>
                pluginRotations.up(outcome === "updated" ? (version += 1) : version, outcome),
              rotations: () => rotations.up(version, outcome),
            },
            (what) => {
              progress(`${outcome}, ${what}`);
            },
          );
        const updated = await measure("updated");
        requireRequests(
          await simulator.takeRequests(),
          rotationRequests(kinds.length * count * rounds),
        );
        const unchanged = await measure("unchanged");
        requireRequests(await simulator.takeRequests(), {});

        const against = (what: string, times: typeof updated) =>
          ratioRow({
            what: `${what}: ${String(count)} ${KINDS.pluginRotations}`,
            against: "the same by the dynamic resource",
            pairs: { ours: times.pluginRotations, theirs: times.rotations },
            unit: milliseconds,
            goal: GOAL,
          });
        return [
          against("pulumi up that rotates", updated),
          against("pulumi up without changes", unchanged),
        ];
      });
    }),
};
