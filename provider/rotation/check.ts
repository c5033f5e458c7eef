import type { DefaultSubscription } from "../azure/problems";
import { resolveArguments, type ArgumentsOrUnknown } from "./arguments";
import { decideFirst, decideNext, isSameAccount, type Failure } from "./decision";
import type { RotationArguments, RotationDecision, RotationInputs } from "./properties";
import { isUnknown, UNKNOWN } from "./unknown";

/** What check returns: the inputs that go into state, or why they cannot be had. */
export interface CheckedInputs {
  readonly inputs: Record<string, unknown>;
  readonly failures: Failure[];
}

/**
 * Validates a program's arguments, completes them and decides whether they rotate. Without network
 * and without a clock of its own, so that previews may run it as often as they like.
 * @param old the inputs in state; empty when there are none.
 * @param defaultSubscription that of an account which is named without one.
 */
export function checkInputs(
  old: Readonly<Record<string, unknown>>,
  given: Record<string, unknown>,
  defaultSubscription: DefaultSubscription,
  now: Date,
): CheckedInputs {
  const resolved = resolveArguments(given, defaultSubscription);
  if (resolved.failures.length > 0) return { inputs: given, failures: [...resolved.failures] };
  const decision = decide(old, resolved.arguments, now);
  if ("reason" in decision) return { inputs: given, failures: [decision] };
  const inputs: Record<string, unknown> = {};
  return { inputs: Object.assign(inputs, resolved.arguments, decision), failures: [] };
}

const DECIDES_FIRST = ["rotate", "liveKey", "rotateOnCreate"] as const;
const DECIDES_NEXT = [
  ...DECIDES_FIRST,
  "accountId",
  "version",
  "rotateAfter",
  "minimumOverlap",
] as const;

const UNDECIDED = {
  generation: UNKNOWN,
  keyToRotate: UNKNOWN,
  rotationReason: UNKNOWN,
  rotationDecidedAt: UNKNOWN,
} satisfies Record<keyof RotationDecision, string>;

function decide(
  old: Readonly<Record<string, unknown>>,
  wanted: ArgumentsOrUnknown,
  now: Date,
): RotationDecision | Failure | typeof UNDECIDED {
  const isFirst = old["accountId"] === undefined;
  const decisive: readonly (keyof RotationArguments)[] = isFirst ? DECIDES_FIRST : DECIDES_NEXT;
  if (decisive.some((name) => isUnknown(wanted[name]))) return UNDECIDED;
  const known = wanted as RotationArguments;
  const inState = old as unknown as RotationInputs;
  return isFirst || !isSameAccount(inState, known.accountId)
    ? decideFirst(known, now)
    : decideNext(inState, known, now);
}
