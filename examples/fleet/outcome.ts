const KINDS = ["rotated", "adopted", "unchanged", "skipped", "failed"] as const;

/** What became of one account, or of a stack or subscription that failed as a whole. */
export interface Outcome {
  readonly of: string;
  readonly kind: (typeof KINDS)[number];
  readonly reason?: string;
}

export function failed(of: string, error: unknown): Outcome {
  const reason = error instanceof Error ? error.message : String(error);
  return { of, kind: "failed", reason };
}

/** "2 rotated, 1 failed" */
export function counted(outcomes: readonly Outcome[]): string {
  const counts = KINDS.map((kind) => {
    const count = outcomes.filter((outcome) => outcome.kind === kind).length;
    return count === 0 ? [] : `${String(count)} ${kind}`;
  }).flat();
  return counts.length === 0 ? "no accounts" : counts.join(", ");
}

/** A line for each outcome that has a reason. */
export function reasons(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ of, kind, reason }) =>
    reason === undefined ? [] : `  ${kind}: ${of}: ${reason}`,
  );
}
