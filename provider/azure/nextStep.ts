import type { ErrorAnswer } from "./errors";
import type { Scope } from "./target";

/**
 * What a user does about an error answer of Azure Resource Manager.
 * @param scope what the call was about.
 */
export function nextStep(
  { status, code, retryAfter }: ErrorAnswer,
  action: string,
  scope: Scope,
): string {
  if (status >= 300 && status < 400) {
    return "check what stands between this machine and Azure Resource Manager: it redirects, and redirects are not followed";
  }
  switch (status) {
    case 401:
      return code === "ExpiredAuthenticationToken"
        ? 'check this machine\'s clock, then run "pulumi up" again, which signs in anew'
        : "check that tenantId is the subscription's tenant and that environment or metadataHost names its cloud; where its sessions were revoked, the identity has to sign in again";
    case 403:
      return `give the identity a role with the action ${action} on the ${scope}; a new role assignment takes a few minutes to work`;
    case 404:
      return code === undefined
        ? "check that the endpoint is Azure Resource Manager: something else has answered"
        : WHEN_MISSING[MISSING.get(code) ?? scope];
    case 409:
      return code === "ScopeLocked"
        ? "remove the ReadOnly lock from the account, its resource group or its subscription: under it Azure refuses listKeys and regenerateKeys"
        : `another operation on the ${scope} is under way: wait for it, then run "pulumi up" again`;
    case 429:
      return `the subscription's request limit is used up: run again in ${minutes(retryAfter)}`;
    default:
      return status >= 500 || status === 408
        ? `Azure could not answer: run "pulumi up" again in ${minutes(retryAfter)}`
        : "correct what the message names";
  }
}

function minutes(retryAfter: number | undefined): string {
  if (retryAfter === undefined) return "a few minutes";
  const count = Math.ceil(retryAfter / 60_000);
  return count <= 1 ? "a minute" : `${String(count)} minutes`;
}

/** The codes of a 404 that say which part of the id is missing. */
const MISSING: ReadonlyMap<string, Scope> = new Map([
  ["SubscriptionNotFound", "subscription"],
  ["ResourceGroupNotFound", "resource group"],
]);

const WHEN_MISSING: Readonly<Record<Scope, string>> = {
  account: "check the account's name, resource group and subscription",
  "resource group": "check resourceGroupName and subscriptionId",
  subscription:
    "check subscriptionId, and that the identity's tenant (tenantId) is the subscription's",
};
