import { NotSentError } from "./errors";

/**
 * Credentials and cloud as azure-native reads them: the same configuration keys, the same
 * environment variables, the same precedence (a value set in the stack's configuration, an empty
 * one included, wins over the environment), so that a stack which configures azure-native needs
 * nothing more.
 *
 * https://www.pulumi.com/registry/packages/azure-native/installation-configuration/
 */
const VARIABLES = {
  subscriptionId: ["ARM_SUBSCRIPTION_ID"],
  tenantId: ["ARM_TENANT_ID"],
  auxiliaryTenantIds: ["ARM_AUXILIARY_TENANT_IDS"],
  clientId: ["ARM_CLIENT_ID"],
  clientSecret: ["ARM_CLIENT_SECRET"],
  clientCertificatePath: ["ARM_CLIENT_CERTIFICATE_PATH"],
  clientCertificatePassword: ["ARM_CLIENT_CERTIFICATE_PASSWORD"],
  useOidc: ["ARM_USE_OIDC"],
  oidcToken: ["ARM_OIDC_TOKEN"],
  oidcTokenFilePath: ["ARM_OIDC_TOKEN_FILE_PATH"],
  oidcRequestToken: ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
  oidcRequestUrl: ["ACTIONS_ID_TOKEN_REQUEST_URL"],
  oidcAudience: ["ARM_OIDC_AUDIENCE"],
  useMsi: ["ARM_USE_MSI"],
  useDefaultAzureCredential: ["ARM_USE_DEFAULT_AZURE_CREDENTIAL"],
  disableInstanceDiscovery: ["ARM_DISABLE_INSTANCE_DISCOVERY"],
  environment: ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"],
  metadataHost: ["ARM_METADATA_HOSTNAME"],
} as const;

export type Setting = keyof typeof VARIABLES;

/** What was configured; a setting that is absent or empty is "". */
export type AzureConfiguration = Readonly<Record<Setting, string>>;

/** The settings whose values must never be printed. */
export const SECRET_SETTINGS = [
  "clientSecret",
  "clientCertificatePassword",
  "oidcToken",
  "oidcRequestToken",
] as const satisfies Setting[];

/** Reads one key of the stack's configuration, e.g. `azure-native:clientId`. */
export type StackConfiguration = (key: string) => string | undefined;

export function readConfiguration(
  stack: StackConfiguration,
  namespace: string,
  environment: NodeJS.ProcessEnv,
): AzureConfiguration {
  const read = ([setting, variables]: [string, readonly string[]]): [string, string] => {
    const fromEnvironment = variables.map((name) => environment[name]).find((value) => value);
    const value = stack(`${namespace}:${setting}`) ?? fromEnvironment ?? "";
    // A password may begin or end with a space; in any other value it has slipped in.
    return [setting, setting === "clientCertificatePassword" ? value : value.trim()];
  };
  return Object.fromEntries(Object.entries(VARIABLES).map(read)) as AzureConfiguration;
}

/**
 * The tenants, beside the credential's own, for which it may get tokens.
 * @throws NotSentError when the setting is not a JSON array of strings.
 */
export function auxiliaryTenants(
  { auxiliaryTenantIds }: AzureConfiguration,
  namespace: string,
): string[] {
  if (auxiliaryTenantIds === "") return [];
  try {
    const tenants: unknown = JSON.parse(auxiliaryTenantIds);
    if (Array.isArray(tenants) && tenants.every((tenant) => typeof tenant === "string")) {
      return tenants;
    }
  } catch {
    // Not JSON: refused below, as any other form is.
  }
  throw new NotSentError(
    "could not sign in to Azure: auxiliaryTenantIds is not a JSON array of tenant ids",
    `use ${howToSet("auxiliaryTenantIds", namespace, `'["<tenant id>"]'`)}`,
  );
}

/** How a user sets one of the settings: for messages that ask for it. */
export function howToSet(setting: Setting, namespace: string, value = "…"): string {
  const flag = (SECRET_SETTINGS as readonly Setting[]).includes(setting) ? " --secret" : "";
  return `"pulumi config set${flag} ${namespace}:${setting} ${value}" or ${VARIABLES[setting][0]}`;
}
