import type { ExportedResource } from "../../workspace/workspace";
import { BrokenMeasurement } from "../brokenMeasurement";
import { bytes, ratioRow, spread, verdictOf } from "../compare";
import type { Measurement, Row } from "../measurement";
import { withSimulator } from "../simulatorProcess";
import { bytesInState, KINDS, type Stack, withStacks } from "../stack";

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
      const kinds = ["rotations", "empty"] as const;
      return withStacks({ pulumi, simulator, accountIds }, kinds, async ({ rotations, empty }) => {
        progress(KINDS.empty);
        await empty.up(1, "created");
        let first: ExportedResource[] = [];
        for (let version = 1; version <= LAST; version += 1) {
          progress(`rotation ${String(version)} of ${String(LAST)}`);
          await rotations.up(version, version === 1 ? "created" : "updated");
          if (version === FIRST) first = await rotations.resources();
        }
        return [
          ...sizeRows(first),
          ratioRow({
            what: "state of a rotation",
            against: "that of an empty dynamic resource",
            pairs: { ours: sizes(first), theirs: await sizesOf(empty) },
            unit: bytes,
          }),
          ratioRow({
            what: `state of the same resource after ${String(LAST)} rotations`,
            against: `after ${String(FIRST)} rotations`,
            pairs: { ours: await sizesOf(rotations), theirs: sizes(first) },
            unit: bytes,
            goal: TOLERANCE,
          }),
        ];
      });
    }),
};

const sizes = (resources: readonly ExportedResource[]): number[] => resources.map(bytesInState);

const sizesOf = async (stack: Stack): Promise<number[]> => sizes(await stack.resources());

/** All of it, and where its bytes are. */
function sizeRows(rotations: readonly ExportedResource[]): Row[] {
  const row = (
    what: string,
    sizeOf: (rotation: ExportedResource) => number,
    goal?: number,
  ): Row => {
    const { median, lowest, highest } = spread(rotations.map(sizeOf));
    if (lowest <= 0) throw new BrokenMeasurement(`state has no bytes: ${what}`);
    return {
      what,
      against: "–",
      ours: bytes(median),
      theirs: "–",
      result: `${bytes(lowest)} to ${bytes(highest)}, ${String(RESOURCES)} resources`,
      goal: goal === undefined ? "–" : `at most ${bytes(goal)}`,
      verdict: verdictOf(median, goal),
    };
  };
  return [
    row("state of a rotation, as the checkpoint has it (compact JSON)", bytesInState, GOAL),
    row("of which the provider's text, in inputs and outputs", ofProperties(isText)),
    row("of which the four encrypted keys", ofProperties(isKey)),
    row(
      "of which the other inputs and outputs",
      ofProperties((...property) => !isText(...property) && !isKey(...property)),
    ),
    row(
      "of which the engine's own",
      (rotation) => bytesInState(rotation) - ofProperties(() => true)(rotation),
    ),
  ];
}

type Filter = (name: string, value: unknown) => boolean;

const isText: Filter = (name) => name === "__provider";
const isKey: Filter = (_, value) => typeof value === "object";

/** Bytes of the inputs and outputs that are meant, each with its colon and comma. */
function ofProperties(isMeant: Filter): (rotation: ExportedResource) => number {
  return ({ inputs = {}, outputs = {} }) =>
    [...Object.entries(inputs), ...Object.entries(outputs)]
      .filter(([name, value]) => isMeant(name, value))
      .reduce((sum, [name, value]) => sum + bytesInState(name) + bytesInState(value) + 2, 0);
}
