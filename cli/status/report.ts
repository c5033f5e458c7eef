import { isTrouble, type RotationStatus, type Status, STATUSES } from "./rotationStatus";
import { formatTable, printable } from "./table";
import type { Terminal } from "./terminal";

/** What `status --json` prints. Properties are added to it; those that are there keep their meaning. */
export interface StatusReport {
  /** When it was judged what is overdue; UTC, ISO 8601. */
  readonly at: string;
  readonly grace: string | null;
  /** How many states were read: a stack or a file is one. */
  readonly states: number;
  readonly counts: Readonly<Record<Status, number>>;
  /** The most urgent first. */
  readonly rotations: readonly RotationStatus[];
  /** What could not be read at all. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  /** The stack or the file. */
  readonly source: string;
  readonly message: string;
}

export function countByStatus(rotations: readonly RotationStatus[]): StatusReport["counts"] {
  const counts = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<
    Status,
    number
  >;
  for (const { status } of rotations) counts[status]++;
  return counts;
}

/** 1: something could not be read, so that the rest says little; 2: somebody has to look. */
export function exitCodeOf({ rotations, failures }: StatusReport): 0 | 1 | 2 {
  if (failures.length > 0) return 1;
  return rotations.some(isTrouble) ? 2 : 0;
}

/** Problems that are told one by one; the table has the rest. */
const PROBLEMS = 10;

/** The report for people. */
export function formatReport(report: StatusReport, terminal: Terminal): string {
  const { rotations } = report;
  if (rotations.length === 0) return summary(report);
  const troubled = rotations.filter(isTrouble);
  const problems = troubled
    .slice(0, PROBLEMS)
    .map(
      (rotation) =>
        `${printable(rotation.accountName ?? rotation.resourceName)} (${stackOf(rotation)}): ${rotation.problem ?? ""}`,
    );
  const more = troubled.length - problems.length;
  if (more > 0) problems.push(`And ${String(more)} more: --json tells what is wrong with each.`);
  return [
    formatTable(rotations, new Date(report.at), terminal),
    ...(problems.length > 0 ? [problems.join("\n")] : []),
    summary(report),
  ].join("\n\n");
}

function summary({ states, counts, rotations }: StatusReport): string {
  const [first] = rotations;
  const where =
    states === 1 && first !== undefined
      ? `stack ${stackOf(first)}`
      : `${String(states)} stack${states === 1 ? "" : "s"}`;
  const total = `${String(rotations.length)} rotation${rotations.length === 1 ? "" : "s"} in ${where}`;
  const parts = STATUSES.filter((status) => counts[status] > 0).map(
    (status) => `${String(counts[status])} ${status}`,
  );
  return parts.length === 0 ? `${total}.` : `${total}: ${parts.join(", ")}.`;
}

function stackOf({ project, stack }: RotationStatus): string {
  return printable(`${project}/${stack}`);
}
