import { countByStatus, type Failure, type StatusReport } from "./report";
import { rotationsOfStack } from "./rotationsOfStack";
import { byUrgency } from "./rotationStatus";
import type { Source } from "./sources";
import { parseStackExport, type StackState } from "./stackExport";

/** Processes of the CLI that run at once: each needs a processor, and memory for a state. */
const AT_ONCE = 4;

/** Reads states and tells of their rotations, whatever of them can be read. */
export async function reportOn(
  sources: readonly Source[],
  now: Date,
  grace: string | undefined,
): Promise<StatusReport> {
  const states: StackState[] = [];
  const failures: Failure[] = [];
  for (let index = 0; index < sources.length; index += AT_ONCE) {
    const some = sources.slice(index, index + AT_ONCE);
    const readings = await Promise.allSettled(
      some.map(async ({ read }) => parseStackExport(await read())),
    );
    for (const [position, reading] of readings.entries()) {
      if (reading.status === "fulfilled") {
        states.push(reading.value);
      } else {
        failures.push({ source: some[position]?.name ?? "", message: messageOf(reading.reason) });
      }
    }
  }
  const rotations = states
    .flatMap((state) => rotationsOfStack(state, { now, grace }))
    .sort(byUrgency);
  return {
    at: now.toISOString(),
    grace: grace ?? null,
    states: states.length,
    counts: countByStatus(rotations),
    rotations,
    failures,
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
