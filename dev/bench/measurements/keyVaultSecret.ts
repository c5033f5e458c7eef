import { BrokenMeasurement } from "../brokenMeasurement";
import { bytes, byTurns, milliseconds, ratioRow, spread, verdictOf } from "../compare";
import type { Measurement, Row } from "../measurement";
import { requireRequests, rotationRequests, withSimulator } from "../simulatorProcess";
import { bytesInState, KINDS, type Stack, withStacks } from "../stack";

const STATE_GOAL = 2_400;
const UPDATE_GOAL = 0.9;

/** Keys that go to a Key Vault secret, beside keys in state. */
export const keyVaultSecret: Measurement = {
  name: "keyVaultSecret",
  run: ({ pulumi, choose, progress }) =>
    withSimulator({}, async (simulator) => {
      const count = choose(200, 20);
      const rounds = choose(3, 1);
      const kinds = ["vaultRotations", "rotations"] as const;
      const accountIds = await simulator.createAccounts(count);
      return withStacks({ pulumi, simulator, accountIds }, kinds, async (stacks) => {
        const { vaultRotations, rotations } = stacks;
        // By turns a stack of the other kind rotates the same accounts: each holds its own keys.
        progress(`creating two stacks of ${String(count)} rotations`);
        await rotations.up(1, "created");
        await vaultRotations.up(1, "created");
        await simulator.takeRequests();
        let version = 1;
        const times = await byTurns(
          rounds,
          {
            vaultRotations: () => vaultRotations.up((version += 1), "updated"),
            rotations: () => rotations.up(version, "updated"),
          },
          progress,
        );
        const each = count * rounds;
        requireRequests(await simulator.takeRequests(), {
          ...rotationRequests(2 * each),
          "getVaultSecret 200": each,
          "setVaultSecret 200": each,
        });
        return [
          ratioRow({
            what: `pulumi up that rotates ${String(count)} accounts, keys in Key Vault secrets; one write each`,
            against: `the same of as many ${KINDS.rotations} with keys in state`,
            pairs: { ours: times.vaultRotations, theirs: times.rotations },
            unit: milliseconds,
            goal: UPDATE_GOAL,
          }),
          await stateRow(vaultRotations),
        ];
      });
    }),
};

async function stateRow(stack: Stack): Promise<Row> {
  const { median, lowest, highest, count } = spread((await stack.resources()).map(bytesInState));
  if (lowest <= 0) throw new BrokenMeasurement("a rotation has no bytes in state");
  return {
    what: "state of a rotation whose key is in a Key Vault secret",
    against: "–",
    ours: bytes(median),
    theirs: "–",
    result: `${bytes(lowest)} to ${bytes(highest)}, ${String(count)} resources`,
    goal: `at most ${bytes(STATE_GOAL)}`,
    verdict: verdictOf(median, STATE_GOAL),
  };
}
