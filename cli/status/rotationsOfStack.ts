import { redact } from "../../provider/azure/redact";
import { isSecretValue } from "../../provider/hosts/secretValues";
import { parseBatchAccountId } from "../../provider/rotation/batchAccountId";
import {
  currentKeyName,
  nextRotationAt,
  other,
  revocationAt,
} from "../../provider/rotation/decision";
import { after, describeTimeLeft } from "../../provider/rotation/duration";
import { needsAzure } from "../../provider/rotation/partialUpdate";
import {
  type RotationInputs,
  type RotationOutputs,
  SECRET_OUTPUTS,
} from "../../provider/rotation/properties";
import { ROTATION_TYPES } from "../../provider/rotation/resourceTypes";
import { isOfGet, whyNothingToTell } from "../../provider/rotation/state";
import { nextEvent, type RotationStatus } from "./rotationStatus";
import type { ExportedResource, StackState } from "./stackExport";

export interface Judgement {
  readonly now: Date;
  /** How late is not too late yet, an ISO 8601 duration; undefined if nothing is. */
  readonly grace?: string | undefined;
}

/** The rotations of a stack, as its state has them. */
export function rotationsOfStack(state: StackState, judgement: Judgement): RotationStatus[] {
  // Nothing is left half-done by a refresh or a get().
  const begun = state.pendingOperations.filter(({ type }) => type !== "reading");
  const interrupted = new Map(begun.map(({ resource }) => [resource.urn, resource]));
  // What waits for its deletion has a successor of the same name, or is gone from the program.
  const resources = state.resources.filter((resource) => resource.delete !== true);
  const made = new Set(resources.map(({ urn }) => urn));
  const beingMade = [...interrupted.values()].filter(({ urn }) => !made.has(urn));
  return [
    ...resources
      .filter(isRotation)
      .map((resource) => statusOf(resource, interrupted.has(resource.urn), judgement)),
    ...beingMade.filter(isRotation).map(statusOfUnmade),
  ];
}

function isRotation({ type }: ExportedResource): boolean {
  return ROTATION_TYPES.includes(type);
}

const INTERRUPTED =
  'an update of it was interrupted, or is running now. Next: once nothing runs, run "pulumi up", which goes on from there';

/** Of what was to be created, state has the inputs. */
function statusOfUnmade(resource: ExportedResource): RotationStatus {
  const { accountId } = withoutSecrets(resource).inputs;
  return { status: "Unfinished", problem: INTERRUPTED, ...named(resource, accountId) };
}

function statusOf(
  resource: ExportedResource,
  isInterrupted: boolean,
  { now, grace }: Judgement,
): RotationStatus {
  const { inputs, outputs, secrets } = withoutSecrets(resource);
  const names = named(resource, outputs["accountId"] ?? resource.id);
  const unreadable = whyNothingToTell(inputs, outputs, secrets);
  if (unreadable !== undefined) return { status: "Unreadable", problem: unreadable, ...names };

  const done = outputs as unknown as RotationOutputs;
  const wanted = inputs as unknown as RotationInputs;
  const isKnown = (...needed: string[]) => !needed.some((name) => secrets.has(name));
  const decides = !isOfGet(outputs) && isKnown("rotationDecidedAt");
  const since = isKnown("currentKeyName", "keyToRotate", "liveKey", "rotationDecidedAt")
    ? textOfTime(keySince(done, wanted))
    : null;
  const told: Omit<RotationStatus, "status" | "problem"> = {
    ...names,
    currentKeyName: isKnown("currentKeyName") ? done.currentKeyName : null,
    currentKeyFingerprint: isKnown("currentKeyName") ? fingerprintOf(done) : null,
    generation: isKnown("generation") ? done.generation : null,
    currentKeySince: since,
    currentKeyAgeInDays: since === null ? null : daysBetween(since, now),
    nextRotationAt:
      decides && isKnown("rotateAfter", "minimumOverlap")
        ? textOfTime(nextRotationAt(done.rotationDecidedAt, done))
        : null,
    revocationAt:
      decides &&
      isKnown("revokePreviousAfter", "rotate", "keyToRotate", "keyToRevoke", "currentKeyName")
        ? textOfTime(revocationAt(done, done))
        : null,
    keyVerification: isKnown("keyVerification") ? done.keyVerification : null,
    secretProperties: [...secrets],
  };

  const unfinished = isInterrupted
    ? INTERRUPTED
    : whyUnfinished(resource, done, wanted, decides && isKnown(...NEEDED_TO_JUDGE));
  if (unfinished !== undefined) return { status: "Unfinished", problem: unfinished, ...told };
  const event = nextEvent(told);
  if (event === undefined || new Date(event.at) > now) {
    return { status: "OK", problem: null, ...told };
  }
  if (grace !== undefined && after(event.at, grace) > now) {
    return { status: "Due", problem: null, ...told };
  }
  const late = describeTimeLeft(now.getTime() - Date.parse(event.at));
  const what =
    event.kind === "rotation"
      ? "a rotation has been due"
      : `the revocation of the previous key, ${other(done.currentKeyName)}, has been due`;
  return {
    status: "Overdue",
    problem: `${what} for ${late}, since ${event.at}. Next: run "pulumi up", and find out why nothing has run it`,
    ...told,
  };
}

/** What tells whether a rotation is finished. */
const NEEDED_TO_JUDGE = [
  "keyToRotate",
  "liveKey",
  "currentKeyName",
  "keyVerification",
  "verifyKey",
  "secretVersion",
];

function whyUnfinished(
  { initErrors = [], pendingReplacement }: ExportedResource,
  done: RotationOutputs,
  wanted: RotationInputs,
  isJudged: boolean,
): string | undefined {
  if (pendingReplacement === true) {
    return 'it was deleted to be made anew, and was not made. Next: run "pulumi up"';
  }
  const [error] = initErrors;
  if (error !== undefined) return `the last update stopped half-way: ${redact(error)}`;
  if (!isJudged || !needsAzure(done, wanted)) return undefined;
  const what =
    done.currentKeyName !== currentKeyName(done)
      ? `the new ${currentKeyName(done)} key is not handed out yet`
      : done.keyVaultSecret !== undefined && done.secretVersion === undefined
        ? "its Key Vault secret is not known to hold the current key"
        : `the current key has not been found to work (keyVerification is ${done.keyVerification})`;
  return `${what}. Next: run "pulumi up", which goes on from there`;
}

/** What is known of a resource by its names; the rest is not. */
function named(
  { urn }: ExportedResource,
  accountId: unknown,
): Omit<RotationStatus, "status" | "problem"> {
  // urn:pulumi:<stack>::<project>::<types>::<name>, and a name may hold what separates them.
  const [stack = "", project = "", , ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  const account = parseBatchAccountId(accountId);
  return {
    project,
    stack,
    resourceName: name.join("::"),
    urn,
    accountId: account === undefined ? null : String(accountId),
    accountName: account?.accountName ?? null,
    resourceGroupName: account?.resourceGroupName ?? null,
    currentKeyName: null,
    currentKeyFingerprint: null,
    generation: null,
    currentKeySince: null,
    currentKeyAgeInDays: null,
    nextRotationAt: null,
    revocationAt: null,
    keyVerification: null,
    secretProperties: [],
  };
}

/** When the key that consumers hold was decided on, or made. */
function keySince(done: RotationOutputs, wanted: RotationInputs): string | undefined {
  // Half-way, the outputs' times are those of the key that nobody has got yet.
  return done.currentKeyName === currentKeyName(done)
    ? (done.rotatedAt ?? done.rotationDecidedAt)
    : wanted.rotationDecidedAt;
}

function fingerprintOf(done: RotationOutputs): string | null {
  const name =
    done.currentKeyName === "Primary" ? "primaryKeyFingerprint" : "secondaryKeyFingerprint";
  // Whatever else might stand there is not shown.
  return /^[0-9a-f]{16}$/.test(done[name]) ? done[name] : null;
}

function textOfTime(time: Date | string | undefined): string | null {
  if (time === undefined) return null;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function daysBetween(since: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 86_400_000));
}

/**
 * The properties in state without the keys, which nothing here has to know, and without what a
 * program has made secret: an export has that encrypted.
 */
function withoutSecrets({ inputs = {}, outputs = {} }: ExportedResource) {
  const isKey = (name: string) => (SECRET_OUTPUTS as readonly string[]).includes(name);
  // What begins so is Pulumi's own: the text of a dynamic provider.
  const withoutKeys = (properties: Readonly<Record<string, unknown>>) =>
    Object.entries(properties).filter(([name]) => !isKey(name) && !name.startsWith("__"));
  const [given, made] = [withoutKeys(inputs), withoutKeys(outputs)];
  const secrets = new Set(
    [...given, ...made].filter(([, value]) => hasSecret(value)).map(([name]) => name),
  );
  const told = (entries: [string, unknown][]) =>
    Object.fromEntries(entries.filter(([name]) => !secrets.has(name)));
  return { inputs: told(given), outputs: told(made), secrets };
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isSecretValue(value) || Object.values(value).some(hasSecret);
}
