import type { KeyName, KeyVerification } from "../../provider/rotation/properties";

/**
 * How a rotation is, the most urgent first. `Unfinished`: the last update of it stopped half-way.
 * `Unreadable`: this version cannot read its state. `Overdue`: what its schedule asks for has not
 * happened. `Due`: nor has it here, but the grace is not over. `OK`: there is nothing to do.
 */
export const STATUSES = ["Unfinished", "Unreadable", "Overdue", "Due", "OK"] as const;
export type Status = (typeof STATUSES)[number];

/** A rotation, as `status --json` tells it. What there is not, or is a secret, is null. */
export interface RotationStatus {
  readonly status: Status;
  /** What is wrong, and what to do next. */
  readonly problem: string | null;
  readonly project: string;
  readonly stack: string;
  readonly resourceName: string;
  readonly urn: string;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly resourceGroupName: string | null;
  readonly currentKeyName: KeyName | null;
  readonly currentKeyFingerprint: string | null;
  readonly generation: number | null;
  /** When the current key was regenerated; when it was adopted, if it never was. */
  readonly currentKeySince: string | null;
  readonly currentKeyAgeInDays: number | null;
  readonly nextRotationAt: string | null;
  /** When the previous key falls due to be revoked. */
  readonly revocationAt: string | null;
  readonly keyVerification: KeyVerification | null;
  /** Properties that a program has made secret: nothing can be told, or judged, by them. */
  readonly secretProperties: readonly string[];
}

/** What a schedule asks for next. */
export interface Event {
  readonly kind: "rotation" | "revocation";
  /** UTC, ISO 8601. */
  readonly at: string;
}

export function nextEvent({
  nextRotationAt,
  revocationAt,
}: Pick<RotationStatus, "nextRotationAt" | "revocationAt">): Event | undefined {
  // A rotation that is due at the same time regenerates the key that was to be revoked.
  if (revocationAt !== null && (nextRotationAt === null || revocationAt < nextRotationAt)) {
    return { kind: "revocation", at: revocationAt };
  }
  return nextRotationAt === null ? undefined : { kind: "rotation", at: nextRotationAt };
}

/** Whether somebody has to look. */
export function isTrouble({ status }: Pick<RotationStatus, "status">): boolean {
  return status !== "OK" && status !== "Due";
}

/** Orders the most urgent first, and what is equally so by time and name. */
export function byUrgency(one: RotationStatus, another: RotationStatus): number {
  return (
    STATUSES.indexOf(one.status) - STATUSES.indexOf(another.status) ||
    compare(nextEvent(one)?.at ?? NEVER, nextEvent(another)?.at ?? NEVER) ||
    compare(one.accountName ?? one.resourceName, another.accountName ?? another.resourceName) ||
    compare(one.urn, another.urn)
  );
}

/** Behind every time. */
const NEVER = "~";

function compare(one: string, another: string): number {
  return one < another ? -1 : Number(one > another);
}
