import { BrokenMeasurement } from "./brokenMeasurement";
import type { Row, Verdict } from "./measurement";

/** The values of two sides, each pair of them taken one right after the other. */
export interface Pairs {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** What is in the middle of repeated measurements, and how far they lie apart. */
interface Spread {
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

/** How a value is written. */
export type Unit = (value: number) => string;

export const milliseconds: Unit = (value) =>
  value < 1_000 ? `${significant(value)} ms` : `${significant(value / 1_000)} s`;
export const bytes: Unit = (value) =>
  value < 1_000_000
    ? `${Math.round(value).toLocaleString("en")} bytes`
    : `${significant(value / 1_000_000)} MB`;

interface Comparison {
  readonly what: string;
  readonly against: string;
  readonly pairs: Pairs;
  readonly unit: Unit;
  /** The most that is wanted; without it the row only shows. */
  readonly goal?: number;
}

/** Ours as a multiple of theirs. */
export function ratioRow(comparison: Comparison): Row {
  return row(comparison, spread(ratios(comparison.pairs)), (ratio) => ratio.toFixed(2), " x");
}

/** What ours takes more than theirs. */
export function differenceRow(comparison: Comparison): Row {
  return row(comparison, spread(differences(comparison.pairs)), comparison.unit, " more");
}

/** A row whose comparison cannot be had on this machine. */
export function notMeasuredRow(what: string, against: string, goal: string): Row {
  const none = "–";
  const verdict = "not measured here";
  return { what, against, ours: none, theirs: none, result: none, goal, verdict };
}

/** @param write how the result is written, and what follows it. */
function row(
  { what, against, pairs, unit, goal }: Comparison,
  { median, lowest, highest, count }: Spread,
  write: Unit,
  suffix: string,
): Row {
  const range = `${write(lowest)} to ${write(highest)}, ${String(count)} pairs`;
  return {
    what,
    against,
    ours: unit(spread(pairs.ours).median),
    theirs: unit(spread(pairs.theirs).median),
    result: `${write(median)}${suffix} (${count === 1 ? "1 run" : range})`,
    goal: goal === undefined ? "–" : `at most ${write(goal)}${suffix}`,
    verdict: verdictOf(median, goal),
  };
}

export function verdictOf(value: number, goal: number | undefined): Verdict {
  if (goal === undefined) return "shown";
  return value <= goal ? "met" : "missed";
}

/** Three digits: no machine repeats the fourth. */
function significant(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en");
}

function ratios({ ours, theirs }: Pairs): number[] {
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
