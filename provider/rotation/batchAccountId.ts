/** The four parts that name a Batch account in Azure Resource Manager. */
export interface BatchAccountId {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly accountName: string;
}

/** A subscription id is a GUID. */
export const SUBSCRIPTION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * 1 to 90 letters, digits, underscores, hyphens, periods and parentheses, not ending in a period.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources
 */
export const RESOURCE_GROUP_NAME = /^[-\p{L}\p{N}_.()]{0,89}[-\p{L}\p{N}_()]$/u;

/**
 * 3 to 24 letters and digits. The service takes only lower case for new accounts, but old ids may
 * carry capitals, so case is not enforced.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftbatch
 */
export const ACCOUNT_NAME = /^[a-zA-Z0-9]{3,24}$/;

const ID =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Batch\/batchAccounts\/([^/]+)$/i;

/** The parts of an account's ARM id, or undefined when the text is not such an id. */
export function parseBatchAccountId(text: unknown): BatchAccountId | undefined {
  const [, subscriptionId, resourceGroupName, accountName] =
    (typeof text === "string" ? ID.exec(text) : undefined) ?? [];
  return subscriptionId !== undefined &&
    resourceGroupName !== undefined &&
    accountName !== undefined &&
    SUBSCRIPTION_ID.test(subscriptionId) &&
    RESOURCE_GROUP_NAME.test(resourceGroupName) &&
    ACCOUNT_NAME.test(accountName)
    ? { subscriptionId, resourceGroupName, accountName }
    : undefined;
}

export function formatBatchAccountId(id: BatchAccountId): string {
  return `/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroupName}/providers/Microsoft.Batch/batchAccounts/${id.accountName}`;
}

/** ARM ids are compared without case. */
export function sameResourceId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
