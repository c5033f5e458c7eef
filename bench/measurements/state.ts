import type { ExportedResource } from "../../tools/workspace/workspace";
import { BrokenMeasurement, spread } from "../measure";
import type { Measurement, Row } from "../measurement";
import { bytes, ratioRow, verdictOf } from "../rows";
import { withSimulator } from "../simulatorProcess";
import { bytesInState, withStacks, type Stack } from "../stack";

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
      return withStacks({ pulumi, simulator, accountIds }, async ({ ours, empty }) => {
        progress("an empty dynamic resource");
        await empty.up(1, "created");
        let first: ExportedResource[] = [];
        for (let version = 1; version <= LAST; version += 1) {
          progress(`rotation ${String(version)} of ${String(LAST)}`);
          await ours.up(version, version === 1 ? "created" : "updated");
          if (version === FIRST) first = await ours.resources();
        }
        return {
          rows: [
            sizeRow(first),
            partsRow(first),
            ratioRow({
              what: "state of a rotation",
              against: "that of an empty dynamic resource",
              pairs: { ours: sizes(first), theirs: await sizesOf(empty) },
              unit: bytes,
            }),
            ratioRow({
              what: `state of a rotation after ${String(LAST)} of them`,
              against: `after ${String(FIRST)}`,
              pairs: { ours: await sizesOf(ours), theirs: sizes(first) },
              unit: bytes,
              goal: TOLERANCE,
            }),
          ],
        };
      });
    }),
};

const sizes = (resources: readonly ExportedResource[]): number[] => resources.map(bytesInState);

const sizesOf = async (stack: Stack): Promise<number[]> => sizes(await stack.resources());

function sizeRow(rotations: readonly ExportedResource[]): Row {
  const { median, lowest, highest } = spread(sizes(rotations));
  return {
    what: "state of a rotation, as the checkpoint has it (compact JSON)",
    against: "nothing",
    ours: bytes(median),
    theirs: "–",
    result: `${bytes(lowest)} to ${bytes(highest)}, ${String(RESOURCES)} resources`,
    goal: `at most ${bytes(GOAL)}`,
    verdict: verdictOf(median, GOAL),
  };
}

/** Where the bytes of one are. */
function partsRow([rotation]: readonly ExportedResource[]): Row {
  const { inputs = {}, outputs = {} } = rotation ?? {};
  const properties = [...Object.entries(inputs), ...Object.entries(outputs)];
  const sizeOf = (isPart: (name: string, value: unknown) => boolean): number =>
    properties
      .filter(([name, value]) => isPart(name, value))
      // With the colon and the comma.
      .reduce((sum, [name, value]) => sum + bytesInState(name) + bytesInState(value) + 2, 0);
  const text = sizeOf((name) => name === "__provider");
  const keys = sizeOf((_, value) => typeof value === "object" && value !== null);
  const settings = sizeOf((name, value) => name !== "__provider" && typeof value !== "object");
  const whole = bytesInState(rotation);
  if (text === 0 || keys === 0) throw new BrokenMeasurement("state has no provider or no keys");
  return {
    what: "of which arguments, decisions and findings, in inputs and outputs",
    against: `four encrypted keys, ${bytes(keys)}; the provider's text, twice, ${bytes(text)}; the engine's own`,
    ours: bytes(settings),
    theirs: bytes(whole - settings - keys - text),
    result: "–",
    goal: "–",
    verdict: "shown",
  };
}
