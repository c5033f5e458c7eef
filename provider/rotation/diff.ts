import { sameResourceId } from "./batchAccountId";
import { sameVersion } from "./decision";
import { INPUT_NAMES } from "./inputs";
import { isSameSecret, isUnfinished } from "./partialUpdate";
import type { RotationInputs, RotationOutputs } from "./properties";
import { isUnknown } from "./unknown";

/** Whether wanted inputs call for an update, and whether for another account's resource. */
export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
}

/** Compared apart: ids without case (the parts are the id's), versions whatever their type. */
const COMPARED_APART: ReadonlySet<keyof RotationInputs> = new Set([
  "accountId",
  "subscriptionId",
  "resourceGroupName",
  "accountName",
  "version",
  "keyVaultSecret",
]);

const COMPARED = INPUT_NAMES.filter((name) => !COMPARED_APART.has(name));

/** Compares only what a user or a decision can change. */
export function diff(done: RotationOutputs, wanted: RotationInputs): DiffResult {
  // An account that is not known yet is about to be made, or made anew: its keys are others. The
  // engine asks so, too, before it deletes an account to replace it by one of the same id.
  if (isUnknown(wanted.accountId) || !sameResourceId(done.accountId, wanted.accountId)) {
    return { changes: true, replaces: ["accountId"] };
  }
  return { changes: changedInputs(done, wanted).length > 0 || isUnfinished(done), replaces: [] };
}

/** The inputs that are others than those which were carried out, by name; but for the account. */
export function changedInputs(
  done: RotationOutputs,
  wanted: RotationInputs,
): (keyof RotationInputs)[] {
  const changed = COMPARED.filter((name) => done[name] !== wanted[name]);
  if (!sameVersion(done.version, wanted.version)) changed.push("version");
  if (!isSameSecret(done.keyVaultSecret, wanted.keyVaultSecret)) changed.push("keyVaultSecret");
  // What was imported is adopted by the first check of a program, which alone is no change.
  const isAdopted = done.rotationReason === "Imported" && wanted.rotationReason === "Adopted";
  return isAdopted
    ? changed.filter((name) => name !== "rotationReason" && name !== "rotationDecidedAt")
    : changed;
}
