import { listBatchAccounts } from "../azure/arm/batchAccountList";
import type { Azure } from "../azure/connect";
import { AzureError } from "../azure/errors";
import type { RotationOutputs } from "../rotation/properties";

/**
 * Where in its subscription an account is now that is not where state says. Its name and its
 * endpoint, which a move does not change, tell it.
 * @returns the ARM id; undefined when it is nowhere, or this identity sees no list of accounts.
 * @throws AzureError
 */
export async function whereMoved(
  azure: Azure,
  { subscriptionId, accountId, accountName, accountEndpoint }: RotationOutputs,
): Promise<string | undefined> {
  try {
    const accounts = listBatchAccounts(azure.resourceManager, {
      subscriptionId,
      resourceGroupName: undefined,
    });
    for await (const { id, name, accountEndpoint: endpoint } of accounts) {
      const isIt = isSame(name, accountName) && isSame(endpoint ?? "", accountEndpoint);
      // A list may still have, where it was, what has just been deleted.
      if (isIt && !isSame(id, accountId)) return id;
    }
  } catch (error) {
    // A role on the account alone, or on its group, is enough for all else.
    if (!(error instanceof AzureError && error.status === 403)) throw error;
  }
  return undefined;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
