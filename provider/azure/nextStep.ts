import type { ErrorAnswer } from "./errors";

/** What a user does about an error answer of Azure Resource Manager. */
export function nextStep({ status, code }: ErrorAnswer, action: string): string {
  switch (status) {
    case 401:
      return "check that tenantId is the subscription's tenant and that environment or metadataHost names its cloud";
    case 403:
      return `give the identity a role with the action ${action} on the account; a new role assignment takes a few minutes to work`;
    case 404:
      return NOT_FOUND.get(code) ?? "check the account's name, resource group and subscription";
    case 409:
      return code === "ScopeLocked"
        ? "remove the ReadOnly lock from the account, its resource group or its subscription: under it Azure refuses listKeys and regenerateKeys"
        : 'another operation on the account is under way: wait for it, then run "pulumi up" again';
    case 429:
      return "the subscription's request limit is used up: run again in a few minutes";
    default:
      return status >= 500 || status === 408
        ? 'Azure could not answer: run "pulumi up" again'
        : "correct what the message names";
  }
}

const NOT_FOUND: ReadonlyMap<string, string> = new Map([
  [
    "SubscriptionNotFound",
    "check subscriptionId, and that the identity's tenant (tenantId) is the subscription's",
  ],
  ["ResourceGroupNotFound", "check resourceGroupName and subscriptionId"],
]);
