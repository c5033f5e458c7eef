/** Resource Manager's bucket of writes: how much is in it, and what comes back. */
const CAPACITY = 200;
const REFILL_PER_SECOND = 10;

/** The milliseconds in which it admits so many, full at first. */
export function leastTime(writes: number): number {
  return ((writes - CAPACITY) / REFILL_PER_SECOND) * 1_000;
}

/** {@link leastTime} for a reader. */
export function leastTimeInWords(writes: number): string {
  return `the bound of its bucket, (${String(writes)} - ${String(CAPACITY)}) / ${String(REFILL_PER_SECOND)} s`;
}
