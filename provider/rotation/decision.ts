import type { KeyName } from "../azure/batchAccounts";
import { sameResourceId } from "../azure/batchAccountId";
import { after, describeTimeLeft } from "./duration";
import type {
  KeyToRotate,
  RotationArguments,
  RotationDecision,
  RotationInputs,
} from "./properties";

/** The arguments that a decision about an account's first inputs depends on. */
export type FirstDecisionArguments = Pick<
  RotationArguments,
  "rotate" | "liveKey" | "rotateOnCreate"
>;

/** The arguments that later decisions depend on. */
export type DecisionArguments = FirstDecisionArguments &
  Pick<RotationArguments, "accountId" | "version" | "rotateAfter" | "minimumOverlap">;

/** Why a property's new value cannot be had, on which property, as check reports it. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Whether old inputs are of the account that the arguments name. */
export function isSameAccount(old: RotationInputs, accountId: string): boolean {
  return sameResourceId(old.accountId, accountId);
}

/** The decision for an account that this resource has not had before. */
export function decideFirst(wanted: FirstDecisionArguments, now: Date): RotationDecision {
  return wanted.rotateOnCreate
    ? {
        generation: 1,
        keyToRotate: wanted.rotate === "Alternate" ? other(wanted.liveKey) : wanted.rotate,
        rotationReason: "Created",
        rotationDecidedAt: now.toISOString(),
      }
    : {
        generation: 0,
        keyToRotate: "None",
        rotationReason: "Adopted",
        rotationDecidedAt: now.toISOString(),
      };
}

/**
 * Whether new arguments of the same account rotate, and which key. The key is found from the old
 * inputs alone: after a failed or killed update the engine still has them, so a retry, however
 * late, picks the same key, never the one that consumers hold.
 */
export function decideNext(
  old: RotationInputs,
  wanted: DecisionArguments,
  now: Date,
): RotationDecision | Failure {
  const changed = !sameVersion(old.version, wanted.version);
  if (changed) {
    const failure = versionFailure(old, wanted, now);
    if (failure !== undefined) return failure;
  }
  const due = nextRotationAt(old.rotationDecidedAt, wanted);
  if (!changed && (due === undefined || now < due)) {
    const { generation, keyToRotate, rotationReason, rotationDecidedAt } = old;
    return { generation, keyToRotate, rotationReason, rotationDecidedAt };
  }
  if (old.keyToRotate === "None" && wanted.liveKey !== old.liveKey) {
    return {
      property: "liveKey",
      reason: `it changes from "${old.liveKey}" to "${wanted.liveKey}" in the update that rotates for the first time, and one of the two is the key that applications hold. Change liveKey in an update of its own, then rotate`,
    };
  }
  return {
    generation: old.generation + 1,
    keyToRotate: wanted.rotate === "Alternate" ? other(currentKeyName(old)) : wanted.rotate,
    rotationReason: changed ? "VersionChanged" : "Scheduled",
    rotationDecidedAt: now.toISOString(),
  };
}

/** The key that consumers hold once a decision was carried out. */
export function currentKeyName({
  keyToRotate,
  liveKey,
}: {
  readonly keyToRotate: KeyToRotate;
  readonly liveKey: KeyName;
}): KeyName {
  switch (keyToRotate) {
    case "None":
      return liveKey;
    case "Both":
      return "Primary";
    default:
      return keyToRotate;
  }
}

export function other(keyName: KeyName): KeyName {
  return keyName === "Primary" ? "Secondary" : "Primary";
}

/** 2 and "2" are one version: which of them arrives depends on how a program reads its config. */
export function sameVersion(one: number | string, another: number | string): boolean {
  return String(one) === String(another);
}

/** When the schedule rotates next: never inside the overlap. Undefined without a schedule. */
export function nextRotationAt(
  decidedAt: string,
  { rotateAfter, minimumOverlap }: Pick<RotationArguments, "rotateAfter" | "minimumOverlap">,
): Date | undefined {
  if (rotateAfter === undefined) return undefined;
  const due = after(decidedAt, rotateAfter);
  const overlapEnds = minimumOverlap === undefined ? due : after(decidedAt, minimumOverlap);
  return overlapEnds > due ? overlapEnds : due;
}

/** Texts are not numbers, even of digits alone: a commit's hash can be. Beside a number they are. */
function isSmaller(one: number | string, other: number | string): boolean {
  return (typeof one === "number" || typeof other === "number") && Number(one) < Number(other);
}

function versionFailure(
  old: RotationInputs,
  wanted: DecisionArguments,
  now: Date,
): Failure | undefined {
  if (isSmaller(wanted.version, old.version)) {
    return {
      property: "version",
      reason: `${String(wanted.version)} is smaller than ${String(old.version)}, the version in state: a rotated key cannot be brought back. To rotate again, use a larger number`,
    };
  }
  // An adopted account has no retired key yet, and "Both" is what a leak needs at once.
  if (
    wanted.minimumOverlap === undefined ||
    wanted.rotate === "Both" ||
    old.keyToRotate === "None"
  ) {
    return undefined;
  }
  const overlapEnds = after(old.rotationDecidedAt, wanted.minimumOverlap);
  if (now >= overlapEnds) return undefined;
  const clock =
    new Date(old.rotationDecidedAt) > now
      ? `, which this machine's clock (${now.toISOString()}) says is still to come: check the clock`
      : "";
  return {
    property: "version",
    reason: `the last rotation was decided at ${old.rotationDecidedAt}${clock}, and the key it retired stays valid for minimumOverlap (${wanted.minimumOverlap}): ${describeTimeLeft(overlapEnds.getTime() - now.getTime())} left. Rotate after ${overlapEnds.toISOString()}; if a key has leaked, set rotate to "Both", which revokes both keys at once`,
  };
}
