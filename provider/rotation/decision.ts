import { sameResourceId } from "./batchAccountId";
import { after, describeTimeLeft } from "./duration";
import type {
  KeyName,
  KeyToRotate,
  RotationArguments,
  RotationDecision,
  RotationInputs,
  RotationReason,
} from "./properties";

/** The arguments that a decision about an account's first inputs depends on. */
export type FirstDecisionArguments = Pick<
  RotationArguments,
  "rotate" | "liveKey" | "rotateOnCreate"
>;

/** The arguments that later decisions depend on. */
export type DecisionArguments = FirstDecisionArguments &
  Pick<
    RotationArguments,
    "accountId" | "accountName" | "version" | "rotateAfter" | "minimumOverlap"
  >;

/** What is known of the rotation that a decision goes on from. */
export type PreviousRotation = Pick<
  RotationInputs,
  "accountId" | "accountName" | "version" | "liveKey" | keyof RotationDecision
> & {
  /** Whether consumers have not got the key that `version` asked for. */
  readonly isUnfinished?: boolean;
};

/** A rotation that a new resource may continue. */
export interface Predecessor {
  readonly rotation: PreviousRotation;
  /** Whether it is this very resource, which is replaced; else it is another one of the stack. */
  readonly isSameResource: boolean;
}

/** Why a property's new value cannot be had, on which property, as check reports it. */
export interface CheckFailure {
  /** "" for what no single property is to blame for. */
  readonly property: string;
  readonly reason: string;
}

/** The decision for an account that nothing is known of. */
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
 * Whether new arguments rotate, and which key. The key is found from the old inputs alone: after a
 * failed or killed update the engine still has them, so a retry, however late, picks the same key,
 * never the one that consumers hold.
 */
export function decideNext(
  old: PreviousRotation,
  wanted: DecisionArguments,
  now: Date,
): RotationDecision | CheckFailure {
  if (isMoved(old, wanted))
    return decideMoved({ rotation: old, isSameResource: true }, wanted, now);
  if (!sameResourceId(old.accountId, wanted.accountId)) return decideFirst(wanted, now);
  if (!sameVersion(old.version, wanted.version)) {
    return (
      smallerVersion(old, wanted) ??
      overlapFailure(old, wanted, now, "version", CHANGED) ??
      decideRotation(old, wanted, now, "VersionChanged")
    );
  }
  const due = nextRotationAt(old.rotationDecidedAt, wanted);
  return due === undefined || now < due
    ? decisionOf(old)
    : decideRotation(old, wanted, now, "Scheduled");
}

/**
 * The decision for a resource that is created: anew in the place of one, under another name, or for
 * an account that nothing is known of. Where anything is known, it goes on from there: to begin with
 * `liveKey` would regenerate the key that consumers hold.
 */
export function decideCreated(
  predecessors: readonly Predecessor[],
  wanted: DecisionArguments,
  now: Date,
): RotationDecision | CheckFailure {
  const predecessor = predecessorOf(predecessors, wanted);
  if (predecessor === undefined) return decideFirst(wanted, now);
  const { rotation: old, isSameResource } = predecessor;
  if (isSameResource && sameResourceId(old.accountId, wanted.accountId)) {
    return (
      smallerVersion(old, wanted) ??
      overlapFailure(old, wanted, now, "minimumOverlap", REPLACED) ??
      decideRotation(old, wanted, now, "Replaced")
    );
  }
  return decideMoved(predecessor, wanted, now);
}

/** Of several, the one that has decided last of this account; else this resource's, before a move. */
function predecessorOf(
  predecessors: readonly Predecessor[],
  wanted: DecisionArguments,
): Predecessor | undefined {
  const ofAccount = predecessors.filter(({ rotation }) =>
    sameResourceId(rotation.accountId, wanted.accountId),
  );
  const [last] = ofAccount
    .map(({ rotation }) => rotation)
    .sort((one, other) => Date.parse(other.rotationDecidedAt) - Date.parse(one.rotationDecidedAt));
  if (last !== undefined) {
    const isSameResource = ofAccount.some((each) => each.isSameResource);
    return { rotation: last, isSameResource };
  }
  return predecessors.find(
    ({ rotation, isSameResource }) => isSameResource && isMoved(rotation, wanted),
  );
}

/** Whether the account has the same name in another resource group or subscription. */
function isMoved(old: PreviousRotation, wanted: DecisionArguments): boolean {
  return (
    old.accountName.toLowerCase() === wanted.accountName.toLowerCase() &&
    !sameResourceId(old.accountId, wanted.accountId)
  );
}

/** A move, of the account or of the resource, is no reason to rotate; a changed version still is. */
function decideMoved(
  { rotation: old, isSameResource }: Predecessor,
  wanted: DecisionArguments,
  now: Date,
): RotationDecision | CheckFailure {
  if (sameVersion(old.version, wanted.version) && old.isUnfinished !== true) {
    return { ...decisionOf(old), rotationReason: "Moved" };
  }
  return (
    // Another resource counts its versions for itself.
    (isSameResource ? smallerVersion(old, wanted) : undefined) ??
    overlapFailure(old, wanted, now, "version", CHANGED) ??
    decideRotation(old, wanted, now, "VersionChanged")
  );
}

function decideRotation(
  old: PreviousRotation,
  wanted: DecisionArguments,
  now: Date,
  rotationReason: RotationReason,
): RotationDecision | CheckFailure {
  if (old.keyToRotate === "None" && wanted.liveKey !== old.liveKey) {
    return {
      property: "liveKey",
      reason: `it changes from "${old.liveKey}" to "${wanted.liveKey}" in the update that rotates for the first time, and one of the two is the key that applications hold. Change liveKey in an update of its own, then rotate`,
    };
  }
  return {
    generation: old.generation + 1,
    keyToRotate: wanted.rotate === "Alternate" ? other(currentKeyName(old)) : wanted.rotate,
    rotationReason,
    rotationDecidedAt: now.toISOString(),
  };
}

function decisionOf({
  generation,
  keyToRotate,
  rotationReason,
  rotationDecidedAt,
}: PreviousRotation): RotationDecision {
  return { generation, keyToRotate, rotationReason, rotationDecidedAt };
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

function smallerVersion(
  old: PreviousRotation,
  wanted: DecisionArguments,
): CheckFailure | undefined {
  // Half-way, the version is that of a key which nobody has got.
  if (old.isUnfinished === true || !isSmaller(wanted.version, old.version)) return undefined;
  return {
    property: "version",
    reason: `${String(wanted.version)} is smaller than ${String(old.version)}, the version in state: a rotated key cannot be brought back. To rotate again, use a larger number`,
  };
}

/** What a user may do, beside waiting, about a rotation that comes too early. */
const CHANGED = "";
const REPLACED =
  'Replacing this resource rotates: to keep it, run "pulumi state untaint", or remove what replaces it. If the account itself was made anew, remove minimumOverlap for this update. ';

function overlapFailure(
  old: PreviousRotation,
  wanted: DecisionArguments,
  now: Date,
  property: string,
  wayOut: string,
): CheckFailure | undefined {
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
      ? ` (later than this machine's clock, ${now.toISOString()}: check the clock)`
      : "";
  const left = describeTimeLeft(overlapEnds.getTime() - now.getTime());
  return {
    property,
    reason: `the last rotation was decided at ${old.rotationDecidedAt}${clock}, and the key it retired stays valid for minimumOverlap (${wanted.minimumOverlap}): ${left} left. ${wayOut}Rotate after ${overlapEnds.toISOString()}; if a key has leaked, set rotate to "Both", which revokes both keys at once`,
  };
}
