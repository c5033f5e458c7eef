/** A measurement that did not measure what it says: a rotation failed, or a number is missing. */
export class BrokenMeasurement extends Error {}

/** The values of two sides, each pair of them taken one right after the other. */
export interface Pairs {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** What is in the middle of repeated measurements, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly count: number;
}

/**
 * Runs the contenders by turns, A B A B and so on: what changes on the machine meanwhile, changes
 * for all of them.
 * @param contenders each answers what it took; one that cannot be had here is undefined.
 */
export async function byTurns<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, (() => Promise<number>) | undefined>>,
  progress: (what: string) => void,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of names) {
      const contender = contenders[name];
      if (contender === undefined) continue;
      progress(`round ${String(round)} of ${String(rounds)}: ${name}`);
      values[name].push(await contender());
    }
  }
  return values;
}

export function ratios({ ours, theirs }: Pairs): number[] {
  return paired(ours, theirs, (our, their) => our / their);
}

export function differences({ ours, theirs }: Pairs): number[] {
  return paired(ours, theirs, (our, their) => our - their);
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const median = (at(sorted, Math.floor(middle)) + at(sorted, Math.ceil(middle))) / 2;
  return { median, lowest: at(sorted, 0), highest: at(sorted, -1), count: sorted.length };
}

function paired(
  ours: readonly number[],
  theirs: readonly number[],
  combine: (our: number, their: number) => number,
): number[] {
  if (ours.length !== theirs.length) throw new BrokenMeasurement("a value lacks its counterpart");
  return ours.map((our, index) => combine(our, at(theirs, index)));
}

function at(values: readonly number[], index: number): number {
  const value = values.at(index);
  if (value === undefined || !Number.isFinite(value)) throw new BrokenMeasurement("no number");
  return value;
}
