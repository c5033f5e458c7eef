import type { ErrorAnswer } from "../errors";
import { minutes } from "../http/retry";

/** Where a role can be given, and what can be missing. */
export type Scope = "account" | "resource group" | "subscription";

const UPGRADE = "upgrade this package (npm install pulumi-azure-batch-key-rotation@latest)";
const REGISTER = `register the resource provider with "az provider register --namespace Microsoft.Batch"`;

/** Codes that say what is wrong whatever their status is: services do not agree on that. */
const BY_CODE: readonly (readonly [RegExp, string])[] = [
  [
    /ApiVersion|^(InvalidResourceType|NoRegisteredProviderFound)$/,
    `${UPGRADE}: Azure no longer has the API version that it uses`,
  ],
  [
    /^InvalidResourceNamespace$/,
    `${UPGRADE}; where Microsoft.Batch is not registered in the subscription, ${REGISTER}`,
  ],
  [
    /SubscriptionRegistration|^SubscriptionNotRegistered$/,
    `${REGISTER} in the subscription, then run "pulumi up" again`,
  ],
  [
    /DisabledSubscription$|^SubscriptionDisabled$/,
    "enable the subscription again (check its billing and its spending limit): a disabled subscription is read-only, and neither waiting nor a role changes that",
  ],
  [
    /^RequestDisallowedByPolicy$/,
    "change the Azure Policy assignment that the message names, or exempt this account from it: a role does not help",
  ],
  [
    /^DenyAssignmentAuthorizationFailed$/,
    "change the deny assignment that the message names where it comes from (a managed application, a deployment stack): a role does not help",
  ],
  [
    /^ScopeLocked$/,
    "remove the ReadOnly lock from the account, its resource group or its subscription: it makes Azure refuse listKeys and regenerateKeys",
  ],
  [
    /^ExpiredAuthenticationToken$/,
    'check this machine\'s clock, then run "pulumi up" again, which signs in anew',
  ],
];

/**
 * What a user does about an error answer of Azure Resource Manager.
 * @param scope what the call was about.
 */
export function remediation(answer: ErrorAnswer, action: string, scope: Scope): string {
  const { status, retryAfter } = answer;
  const code = codeOf(answer);
  const [, advice] = BY_CODE.find(([pattern]) => pattern.test(code)) ?? [];
  if (advice !== undefined) return advice;
  switch (status) {
    case 401:
      return "check that tenantId is the subscription's tenant and that environment or metadataHost names its cloud; if the identity's sessions were revoked, it has to sign in again";
    case 403:
      return `give the identity a role with the action ${action} on the ${scope}; a new role assignment takes a few minutes to work`;
    case 404:
      return WHEN_MISSING[MISSING.get(code) ?? scope];
    case 409:
      return `another operation on the ${scope} is under way: wait for it, then run "pulumi up" again`;
    case 429:
      return `the subscription's request limit is used up: run "pulumi up" again in ${minutes(retryAfter)}`;
    default:
      return status >= 500 || status === 408
        ? `Azure could not answer: run "pulumi up" again in ${minutes(retryAfter)}`
        : "correct what the message names";
  }
}

/** AuthorizationFailed and its like do not tell by their code that it was a deny assignment. */
function codeOf({ status, code, message }: ErrorAnswer): string {
  return status === 403 && /deny assignment/i.test(message)
    ? "DenyAssignmentAuthorizationFailed"
    : (code ?? "");
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
