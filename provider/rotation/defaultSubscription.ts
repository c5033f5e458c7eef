import { isUnknown } from "./unknown";
import { DEFAULT_NAMESPACE } from "./validation";

type Given = Readonly<Record<string, unknown>>;

/** Whether arguments name a subscription, or their account by its id. */
export function namesSubscription(given: Given): boolean {
  return (given["accountId"] ?? given["subscriptionId"] ?? undefined) !== undefined;
}

/** The configuration namespace that arguments name; undefined for one that cannot be read. */
export function namespaceOf(given: Given): string | undefined {
  const configNamespace = given["configNamespace"] ?? DEFAULT_NAMESPACE;
  return typeof configNamespace === "string" && !isUnknown(configNamespace)
    ? configNamespace
    : undefined;
}

/**
 * The subscription in which the old inputs found an account of these names. It stays, whatever the
 * Azure CLI's default is by now: `az account set` must not move a rotation to another account.
 */
export function subscriptionInState(old: Given, given: Given): string | undefined {
  const isSame = (name: string) =>
    typeof old[name] === "string" &&
    typeof given[name] === "string" &&
    old[name].toLowerCase() === given[name].toLowerCase();
  const subscriptionId = old["subscriptionId"];
  return typeof subscriptionId === "string" && isSame("resourceGroupName") && isSame("accountName")
    ? subscriptionId
    : undefined;
}
