import { type AccountFacts, getAccount } from "../azure/arm/batchAccounts";
import type { Azure } from "../azure/connect";
import { AzureError } from "../azure/errors";
import type { BatchAccountId } from "../rotation/batchAccountId";
import type { RotationInputs, RotationOutputs } from "../rotation/properties";
import { sharedKeyRefusal } from "../rotation/sharedKeyRule";

/**
 * Reads an account before anything of it is changed.
 * @throws AzureError, also for one that does not allow shared keys.
 */
export async function preflight(
  { resourceManager }: Azure,
  id: BatchAccountId,
): Promise<AccountFacts> {
  const account = await getAccount(resourceManager, id);
  const refusal = sharedKeyRefusal(account);
  if (refusal === undefined) return account;
  throw new AzureError(
    `Batch account "${account.accountName}" ${refusal}: nothing was changed. Next: add "SharedKey" to allowedAuthenticationModes, or let the account's users sign in with Microsoft Entra ID and remove this rotation`,
    "refused",
  );
}

/**
 * Holds what was decided for a new resource against what the account turns out to be: its endpoint
 * has its name and its region, and stays when it moves. Names repeat from region to region.
 * @param known rotations of accounts of that name.
 * @returns the rotation in state that has decided last of this account; undefined if none has.
 * @throws Error where the decision goes on from another account's rotation, or begins anew with an
 *   account that a rotation in state has.
 */
export function requireDecidedAccount(
  account: AccountFacts,
  inputs: RotationInputs,
  known: readonly RotationOutputs[],
): RotationOutputs | undefined {
  const { accountId, rotationReason } = inputs;
  const isIt = ({ accountEndpoint }: RotationOutputs) =>
    accountEndpoint.toLowerCase() === account.accountEndpoint.toLowerCase();
  const before = sameDecision(inputs, known);
  if (rotationReason === "Moved" && before !== undefined && !isIt(before)) {
    throw new Error(
      `Batch account ${accountId} is not ${before.accountId} after a move: it is another account (at ${account.accountEndpoint}, not ${before.accountEndpoint}). Nothing was changed. Next: give its rotation another name in the program, so that it begins with the liveKey of this account`,
    );
  }
  const elsewhere = known.find(
    (done) => isIt(done) && done.accountId.toLowerCase() !== accountId.toLowerCase(),
  );
  const isNew = rotationReason === "Created" || rotationReason === "Adopted";
  if (isNew && elsewhere !== undefined) {
    throw new Error(
      `Batch account ${accountId} has moved from ${elsewhere.accountId}, and a rotation in this stack's state still has it there: nothing was changed. Next: keep that rotation's name in the program, with the account's new id, for one "pulumi up"; rename it after that`,
    );
  }
  const decidedAt = (done: RotationOutputs) => Date.parse(done.rotationDecidedAt);
  return known
    .filter(isIt)
    .sort((one, other) => decidedAt(other) - decidedAt(one))
    .at(0);
}

/** Where else the decision of these inputs was carried out: it keeps its time and its number. */
export function sameDecision(
  { generation, rotationDecidedAt }: RotationInputs,
  known: readonly RotationOutputs[],
): RotationOutputs | undefined {
  return known.find(
    (done) => done.generation === generation && done.rotationDecidedAt === rotationDecidedAt,
  );
}
