import { differences, ratios, spread, type Pairs, type Spread } from "./measure";
import type { Row, Verdict } from "./measurement";

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
