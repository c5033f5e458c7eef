import { BrokenMeasurement, spread } from "../measure";
import type { Measurement } from "../measurement";
import { bytes, ratioRow, verdictOf } from "../rows";
import { withSimulator } from "../simulatorProcess";
import { withStack, type Stack } from "../stack";

const GOAL = 4_096;
const RESOURCES = 10;
/** The first rotation has another reason than those that follow, and every other one another key. */
const FIRST = 2;
const LAST = 6;
/** Digits of a time, which drops zeros at its end. */
const TOLERANCE = 1.001;

export const state: Measurement = {
  name: "state",
  run: ({ pulumi, progress }) =>
    withSimulator({}, async (simulator) => {
      const accountIds = await simulator.createAccounts(RESOURCES);
      const options = { pulumi, simulator, accountIds, project: "rotations" } as const;
      return withStack(options, async (stack) => {
        let first: number[] = [];
        for (let version = 1; version <= LAST; version += 1) {
          progress(`rotation ${String(version)} of ${String(LAST)}`);
          await stack.up(version, version === 1 ? "created" : "updated");
          if (version === FIRST) first = await sizes(stack);
        }
        const last = await sizes(stack);
        const { median, lowest, highest } = spread(first);
        return {
          rows: [
            {
              what: "state of a rotation, as the checkpoint has it (compact JSON)",
              against: "nothing",
              ours: bytes(median),
              theirs: "–",
              result: `${bytes(lowest)} to ${bytes(highest)}, ${String(RESOURCES)} resources`,
              goal: `at most ${bytes(GOAL)}`,
              verdict: verdictOf(median, GOAL),
            },
            ratioRow({
              what: `the same after ${String(LAST)} rotations`,
              against: `after ${String(FIRST)}`,
              pairs: { ours: last, theirs: first },
              unit: bytes,
              goal: TOLERANCE,
            }),
          ],
        };
      });
    }),
};

/** Bytes of each rotation in state. */
async function sizes({ workspace }: Stack): Promise<number[]> {
  const { deployment } = await workspace.stackExport();
  const rotations = (deployment.resources ?? []).filter(({ type }) =>
    type.endsWith(":BatchAccountKeyRotation"),
  );
  if (rotations.length !== RESOURCES) throw new BrokenMeasurement("state lacks rotations");
  return rotations.map((rotation) => Buffer.byteLength(JSON.stringify(rotation)));
}
