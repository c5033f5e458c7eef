import { formatBatchAccountId, type BatchAccountId } from "../../rotation/batchAccountId";

/** Where a role can be given, and what can be missing. */
export type Scope = "account" | "resource group" | "subscription";

/** What a call to Azure Resource Manager is about. */
export interface Target {
  /** Its ARM id. */
  readonly id: string;
  readonly scope: Scope;
  /** Its name in full, for messages. */
  readonly description: string;
}

/** A subscription's accounts, or only those of one of its resource groups. */
export interface AccountScope {
  readonly subscriptionId: string;
  readonly resourceGroupName: string | undefined;
}

export function accountTarget(id: BatchAccountId): Target {
  return {
    id: formatBatchAccountId(id),
    scope: "account",
    description: `Batch account "${id.accountName}" (resource group "${id.resourceGroupName}", subscription ${id.subscriptionId})`,
  };
}

export function scopeTarget({ subscriptionId, resourceGroupName }: AccountScope): Target {
  const subscription = `/subscriptions/${subscriptionId}`;
  return resourceGroupName === undefined
    ? {
        id: subscription,
        scope: "subscription",
        description: `subscription ${subscriptionId}`,
      }
    : {
        id: `${subscription}/resourceGroups/${resourceGroupName}`,
        scope: "resource group",
        description: `resource group "${resourceGroupName}" (subscription ${subscriptionId})`,
      };
}
