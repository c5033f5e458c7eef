import { DateTime, Duration } from "luxon";

/** 100 years of 365 days, in milliseconds. As a Duration it would load all of Intl, durations or not. */
const LONGEST = 100 * 365 * 86_400_000;

/** What is wrong with the text as an ISO 8601 duration above zero, or undefined when it is one. */
export function durationProblem(text: string): string | undefined {
  const duration = Duration.fromISO(text);
  // P1M-29D is valid, and longer than zero in some months only.
  if (!duration.isValid || text.includes("-")) {
    return `${JSON.stringify(text)} is not an ISO 8601 duration: write "P90D" for 90 days, "P3M" for three months, "PT12H" for twelve hours`;
  }
  if (duration.toMillis() <= 0) return `${JSON.stringify(text)} is not longer than zero`;
  if (duration.toMillis() > LONGEST) {
    return `${JSON.stringify(text)} is longer than 100 years`;
  }
  return undefined;
}

/** Whether one duration is longer than another, with 30 days to a month and 365 to a year. */
export function isLonger(one: string, other: string): boolean {
  return Duration.fromISO(one).toMillis() > Duration.fromISO(other).toMillis();
}

/** The time a duration after another: months and years are calendar time in UTC. */
export function after(start: string, duration: string): Date {
  return DateTime.fromISO(start, { zone: "utc" }).plus(Duration.fromISO(duration)).toJSDate();
}

/**
 * A length of time for people: "3 days, 4 hours".
 * @param precision how many units it has at most.
 */
export function describeTimeLeft(milliseconds: number, precision = 2): string {
  const minutes = Math.max(1, Math.ceil(milliseconds / 60_000));
  const parts = [
    [Math.floor(minutes / 1_440), "day"],
    [Math.floor((minutes % 1_440) / 60), "hour"],
    [minutes % 60, "minute"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .slice(0, precision)
    .map(([count, unit]) => `${String(count)} ${unit}${count === 1 ? "" : "s"}`)
    .join(", ");
}
