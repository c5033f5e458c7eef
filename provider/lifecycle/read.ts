import { getAccount, listKeys } from "../azure/arm/batchAccounts";
import type { Azure } from "../azure/connect";
import { AzureError } from "../azure/errors";
import { resolveArguments } from "../rotation/arguments";
import type { BatchAccountId } from "../rotation/batchAccountId";
import { decideFirst } from "../rotation/decision";
import { inputsOf } from "../rotation/inputs";
import {
  type AccountKeys,
  changedKeys,
  composeOutputs,
  findingsOf,
  fingerprint,
  keysRead,
} from "../rotation/outputs";
import { isUnfinished } from "../rotation/partialUpdate";
import type { RotationArguments, RotationInputs, RotationOutputs } from "../rotation/properties";
import { isOfAccount } from "../rotation/secretRecord";
import { NO_SUBSCRIPTION } from "../rotation/validation";
import type { Dependencies } from "./dependencies";
import { whereMoved } from "./whereMoved";

/**
 * What get() gives names the account, and perhaps the namespace; reading decides nothing.
 * @throws Error that names a property which cannot be used.
 */
export function inputsOfGet(
  resourceId: string,
  given: Readonly<Record<string, unknown>>,
  now: Date,
): RotationInputs {
  const resolved = resolve({ ...given, accountId: resourceId, rotateOnCreate: false });
  return { ...resolved, ...decideFirst(resolved, now) };
}

/**
 * What an import knows: the account, and what arguments are that nobody gives. The decision has no
 * time: the first check of a program makes it.
 * @throws Error
 */
export function inputsOfImport(
  resourceId: string,
): RotationInputs & { readonly rotationReason: "Imported" } {
  const decision = { generation: 0, keyToRotate: "None", rotationReason: "Imported" } as const;
  return { ...resolve({ accountId: resourceId }), ...decision } as RotationInputs & typeof decision;
}

function resolve(given: Readonly<Record<string, unknown>>): RotationArguments {
  const { arguments: resolved, failures } = resolveArguments(given, NO_SUBSCRIPTION);
  const [failure] = failures;
  if (failure !== undefined) throw new Error(`${failure.property}: ${failure.reason}`);
  return resolved as RotationArguments;
}

/**
 * Reads the keys of an account that this resource does not rotate.
 * @throws AzureError
 */
export async function get(
  { resourceManager }: Azure,
  id: BatchAccountId,
  inputs: RotationInputs,
): Promise<Record<string, unknown>> {
  const keys = await listKeys(resourceManager, id);
  const { accountEndpoint } = await getAccount(resourceManager, id);
  const findings = { ...keysRead(keys), accountEndpoint, rotatedAt: undefined };
  const outputs: Record<string, unknown> = {
    ...composeOutputs(inputs, { ...findings, keyVerification: "Skipped" }),
  };
  // Nothing was decided; a time that is new at each read would change all that depends on it.
  delete outputs["rotationDecidedAt"];
  return outputs;
}

/** What a refresh makes of the state of a rotation. */
interface Refreshed {
  readonly props: RotationOutputs;
  /** Absent where the inputs in state stay as they are. */
  readonly inputs?: RotationInputs;
}

/**
 * Reads the keys of an account that is in state.
 * @returns undefined when the account is gone: neither where it was, nor elsewhere in its subscription.
 * @throws AzureError
 */
export async function refresh(
  azure: Azure,
  id: BatchAccountId,
  done: RotationOutputs,
  dependencies: Dependencies,
): Promise<Refreshed | undefined> {
  let keys: AccountKeys;
  try {
    keys = await listKeys(azure.resourceManager, id);
  } catch (error) {
    if (!(error instanceof AzureError && error.isGone)) throw error;
    const newId = await whereMoved(azure, done);
    dependencies.log(newId === undefined ? gone(done) : moved(done, newId));
    return newId === undefined ? undefined : { props: done };
  }
  const changed = changedKeys(done, keys);
  for (const name of changed) {
    dependencies.log(
      `warning: the ${name} key of Batch account "${done.accountName}" was changed outside this stack, or by an update that did not finish: its fingerprint is now ${fingerprint(keys[name])}${name === done.currentKeyName ? '. It is currentKey: what holds the old value is locked out until it has the new one; run "pulumi up" to hand it on' : ""}`,
    );
  }
  // A changed current key was not tried: what was found of its predecessor says nothing of it.
  const keyVerification = changed.includes(done.currentKeyName) ? "Skipped" : done.keyVerification;
  const secretVersion = await versionStillThere(azure, done, dependencies);
  const findings = { ...findingsOf(done), ...keysRead(keys), keyVerification, secretVersion };
  const props = composeOutputs(inputsOf(done), findings, done.currentKeyName);
  // While a rotation is unfinished the engine's old inputs tell which key consumers hold: they stay.
  // So do those by which a program has adopted what was imported.
  const staysAsItIs = isUnfinished(done) || done.rotationReason === "Imported";
  return staysAsItIs ? { props } : { props, inputs: inputsOf(done) };
}

/** The version of the secret that holds the current key, if it is still what applications read. */
async function versionStillThere(
  azure: Azure,
  { accountId, keyVaultSecret, secretVersion }: RotationOutputs,
  { log }: Dependencies,
): Promise<string | undefined> {
  if (keyVaultSecret === undefined || secretVersion === undefined) return undefined;
  const { vaultUri, name = "" } = keyVaultSecret;
  const secret = azure.keyVaultSecret(vaultUri, name);
  const newest = await secret.newest();
  const what =
    newest === undefined || newest === "Deleted"
      ? "was deleted outside this stack"
      : newest.version !== secretVersion
        ? "has a newer version, which this stack has not written"
        : newest.enabled
          ? undefined
          : "has a newest version that was disabled outside this stack";
  if (what === undefined) return secretVersion;
  const isTheirs = typeof newest === "object" && !isOfAccount(newest.tags, [accountId]);
  const next = isTheirs
    ? "give keyVaultSecret another name, because the tags say that this secret is not the account's any more"
    : 'run "pulumi up", which writes the current key again';
  log(`warning: secret ${secret.uri} ${what}. Next: ${next}`);
  return undefined;
}

function moved({ accountName, accountId }: RotationOutputs, newId: string): string {
  return `warning: Batch account "${accountName}" has moved from ${accountId} to ${newId}, and its rotation stays in state. Next: name the account's new place in the program, and run "pulumi up", which rotates nothing for it`;
}

function gone({ accountName, accountId, currentKeyName }: RotationOutputs): string {
  return `warning: Batch account "${accountName}" is gone from ${accountId}, and its rotation leaves the state. If it was moved to where this identity does not see it, set liveKey to "${currentKeyName}", the key that applications hold, before the next "pulumi up"`;
}
