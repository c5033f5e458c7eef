import { type ArgumentsOrUnknown, resolveArguments } from "./arguments";
import { type CheckFailure, decideCreated, decideNext, type Predecessor } from "./decision";
import type { RotationArguments, RotationDecision, RotationInputs } from "./properties";
import { isUnknown, UNKNOWN } from "./unknown";
import type { DefaultSubscription } from "./validation";

/** What check returns: the inputs that go into state, or why they cannot be had. */
export interface CheckResult {
  readonly inputs: Record<string, unknown>;
  readonly failures: CheckFailure[];
}

/** What check is told beside the inputs. */
export interface CheckContext {
  /** Whether this is a preview: the time of a new decision is not known before the update. */
  readonly previewing?: boolean;
  /** What a resource without old inputs may continue; the likeliest first. */
  readonly predecessors?: readonly Predecessor[];
}

/**
 * Validates a program's arguments, completes them and decides whether they rotate. Without network
 * and without a clock of its own, so that previews may run it as often as they like.
 * @param old the inputs in state; undefined when there are none.
 * @param defaultSubscription that of an account which is named without one.
 */
export function checkInputs(
  old: RotationInputs | undefined,
  given: Record<string, unknown>,
  defaultSubscription: DefaultSubscription,
  now: Date,
  { previewing = false, predecessors = [] }: CheckContext = {},
): CheckResult {
  const resolved = resolveArguments(given, defaultSubscription);
  if (resolved.failures.length > 0) return { inputs: given, failures: [...resolved.failures] };
  const before = old === undefined ? predecessors.map(({ rotation }) => rotation) : [old];
  const wanted = known(resolved.arguments, before.length > 0);
  const decision =
    wanted === undefined
      ? UNDECIDED
      : old === undefined
        ? decideCreated(predecessors, wanted, now)
        : decideNext(old, wanted, now);
  if ("reason" in decision) return { inputs: given, failures: [decision] };
  const isNew = before.every((each) => each.rotationDecidedAt !== decision.rotationDecidedAt);
  // A plan that is made by this preview holds for an update at any time.
  const time = previewing && isNew ? { rotationDecidedAt: UNKNOWN } : {};
  const inputs: Record<string, unknown> = {};
  return { inputs: Object.assign(inputs, resolved.arguments, decision, time), failures: [] };
}

const DECIDES_FIRST = ["rotate", "liveKey", "rotateOnCreate"] as const;
const DECIDES_NEXT = [
  ...DECIDES_FIRST,
  "accountId",
  "accountName",
  "version",
  "rotateAfter",
  "minimumOverlap",
  "revokePreviousAfter",
] as const;

const UNDECIDED = {
  generation: UNKNOWN,
  keyToRotate: UNKNOWN,
  rotationReason: UNKNOWN,
  rotationDecidedAt: UNKNOWN,
} satisfies Record<keyof Omit<RotationDecision, "keyToRevoke">, string>;

/** The arguments, if all that a decision depends on is known. */
function known(wanted: ArgumentsOrUnknown, goesOn: boolean): RotationArguments | undefined {
  const decisive: readonly (keyof RotationArguments)[] = goesOn ? DECIDES_NEXT : DECIDES_FIRST;
  return decisive.some((name) => isUnknown(wanted[name]))
    ? undefined
    : (wanted as RotationArguments);
}
