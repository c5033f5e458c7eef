import { parseBatchAccountId } from "./batchAccountId";
import { type CheckFailure, currentKeyName, type PreviousRotation } from "./decision";
import { ARGUMENT_NAMES, type RotationInputs, type RotationOutputs, VALUES } from "./properties";

/*
 * State is anything: an alias can lead to another kind of resource, and a newer version of this
 * package may have written it. What cannot be read is refused, before anything is called.
 */

type Properties = Readonly<Record<string, unknown>>;
type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string" && value !== "";
const isTime: Test = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
const isOneOf =
  (names: readonly string[]): Test =>
  (value) =>
    typeof value === "string" && names.includes(value);
const isKeyName = isOneOf(VALUES.KeyName);

/** What a decision goes on from. */
const DECISION: Readonly<Record<string, Test>> = {
  accountName: isText,
  version: (value) => typeof value === "number" || isText(value),
  liveKey: isKeyName,
  keyToRotate: isOneOf(VALUES.KeyToRotate),
  rotationDecidedAt: isTime,
  keyToRevoke: (value) => value === undefined || isKeyName(value),
};

/** What the other calls work with. A get() has decided nothing. */
const OUTPUTS: Readonly<Record<string, Test>> = {
  ...DECISION,
  rotationDecidedAt: (value) => value === undefined || isTime(value),
  verifyKey: isOneOf(VALUES.VerifyKey),
  configNamespace: isText,
  currentKeyName: isKeyName,
  accountEndpoint: isText,
  keyVerification: isOneOf(VALUES.KeyVerification),
};

/** The same, where the keys do not go to a Key Vault secret. */
const OUTPUTS_WITH_KEYS = { ...OUTPUTS, primaryKey: isText, secondaryKey: isText };

/** The inputs in state; undefined where there are none; why they cannot be read. */
export function readInputs(state: Properties): RotationInputs | CheckFailure | undefined {
  if (Object.keys(state).length === 0) return undefined;
  const reason = whyUnreadable(state, DECISION);
  return reason === undefined ? (state as unknown as RotationInputs) : { property: "", reason };
}

/**
 * The outputs in state.
 * @throws Error that says why they cannot be read.
 */
export function readOutputs(state: Properties): RotationOutputs {
  const hasKeys = state["keyVaultSecret"] === undefined;
  const reason = whyUnreadable(state, hasKeys ? OUTPUTS_WITH_KEYS : OUTPUTS);
  if (reason !== undefined) throw new Error(reason);
  return state as unknown as RotationOutputs;
}

/** Whether properties are what a program gives to get(), and not outputs. */
export function isGivenToGet(properties: Properties): boolean {
  const given = new Set<string>(ARGUMENT_NAMES);
  return Object.keys(properties).every((name) => given.has(name));
}

/**
 * Why nothing can go on from the outputs of a rotation in state; undefined if something can. (A get()
 * has decided nothing: there is nothing to go on from, and no reason.)
 */
export function whyNoPredecessor(outputs: Properties): string | undefined {
  return whyUnreadable(outputs, { ...DECISION, currentKeyName: isKeyName });
}

/** Whether outputs are those of a get(). */
export function isOfGet(outputs: Properties): boolean {
  return outputs["generation"] === 0 && outputs["rotationDecidedAt"] === undefined;
}

/** What outputs tell to a rotation that goes on from them. */
export function previousRotation(done: RotationOutputs): PreviousRotation {
  // Half-finished, they say of the key that consumers hold what the inputs do not.
  return currentKeyName(done) === done.currentKeyName
    ? done
    : { ...done, keyToRotate: done.currentKeyName, isUnfinished: true };
}

const UNTIMED = "rotationDecidedAt";

/** An import has decided nothing yet, and has no time. */
function isImported({ rotationReason }: Properties): boolean {
  return rotationReason === "Imported";
}

function whyUnreadable(state: Properties, tests: Readonly<Record<string, Test>>) {
  const { accountId, generation, keyToRotate } = state;
  const isRotation =
    parseBatchAccountId(accountId) !== undefined &&
    Number.isInteger(generation) &&
    Number(generation) >= 0 &&
    isText(keyToRotate);
  if (!isRotation) {
    const names = Object.keys(state);
    const properties = names.length === 0 ? "no properties" : `the properties ${list(names)}`;
    return `this resource's state is not that of a BatchAccountKeyRotation: it has ${properties}. Nothing was called or changed. Next: remove the alias, or change the name, that leads to another kind of resource`;
  }
  const unreadable = Object.entries(tests)
    .filter(([name, test]) => !test(state[name]) && !(name === UNTIMED && isImported(state)))
    .map(([name]) => name);
  if (unreadable.length === 0) return undefined;
  return `this version of pulumi-azure-batch-key-rotation cannot read the state of this resource (${list(unreadable)}). Nothing was called or changed. Next: upgrade the package, if a newer version has written this state`;
}

/** Names alone: a value may be a secret of another resource's. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => name.replace(/[^\w.:-]+/g, " ").slice(0, 40));
  return shown.join(", ") + (names.length > shown.length ? ", …" : "");
}
