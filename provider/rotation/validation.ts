import { ACCOUNT_NAME, RESOURCE_GROUP_NAME, SUBSCRIPTION_ID } from "./batchAccountId";
import { ARGUMENTS } from "./properties";

/** The namespace of the stack's configuration, where a program names none. */
export const DEFAULT_NAMESPACE = ARGUMENTS.configNamespace.default;

/** Says what is wrong with an argument's value, after the argument's name; undefined: nothing is. */
export type Validator = (value: unknown) => string | undefined;

/** The subscription of what names none itself. */
export interface DefaultSubscription {
  /** "" if there is none. */
  readonly subscriptionId: string;
  /** The namespace of the configuration that can name one. */
  readonly namespace: string;
  /** Why the Azure CLI, which was asked for it, gave none. */
  readonly whyNone?: string;
}

/** Where none is needed. */
export const NO_SUBSCRIPTION: DefaultSubscription = {
  subscriptionId: "",
  namespace: DEFAULT_NAMESPACE,
};

/** @param byDefault says where else a subscription could have come from, and why none did. */
export function subscriptionIdProblem(
  value: unknown,
  { namespace, whyNone }: DefaultSubscription,
): string | undefined {
  const problem = mismatch(
    SUBSCRIPTION_ID,
    `a subscription id is a GUID; give it here, configure ${namespace}:subscriptionId or ARM_SUBSCRIPTION_ID, or sign in with "az login"`,
  )(value);
  return problem === undefined || whyNone === undefined ? problem : `${problem} (${whyNone})`;
}

export const resourceGroupNameProblem = mismatch(
  RESOURCE_GROUP_NAME,
  "a resource group's name is 1 to 90 letters, digits and -_.(), and does not end in a period",
);

export const accountNameProblem = mismatch(
  ACCOUNT_NAME,
  "a Batch account's name is 3 to 24 letters and digits",
);

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault */
export const secretNameProblem = mismatch(
  /^[a-zA-Z0-9-]{1,127}$/,
  "a secret's name is 1 to 127 letters, digits and hyphens",
);

/** Of its form alone: whether its host is a key vault's is known where the cloud is. */
export function vaultUriProblem(value: unknown): string | undefined {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === "https:" && url.href === `${url.origin}/`) return undefined;
  return `${described(value)}: a key vault's URI is an https URL of a host and no more, such as "https://my-vault.vault.azure.net/"`;
}

export function namespaceProblem(value: unknown): string | undefined {
  return typeof value === "string" && /^[^\s:]+$/.test(value)
    ? undefined
    : `${JSON.stringify(value)} is not a configuration namespace, such as "azure-native"`;
}

function mismatch(pattern: RegExp, rule: string): Validator {
  return (value) => {
    if (typeof value === "string" && pattern.test(value)) return undefined;
    return `${described(value)}: ${rule}`;
  };
}

function described(value: unknown): string {
  return value === undefined || value === "" ? "is missing" : JSON.stringify(value);
}
