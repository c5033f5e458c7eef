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
  clientId: ["ARM_CLIENT_ID"],
  clientSecret: ["ARM_CLIENT_SECRET"],
  disableInstanceDiscovery: ["ARM_DISABLE_INSTANCE_DISCOVERY"],
  environment: ["ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"],
  metadataHost: ["ARM_METADATA_HOSTNAME"],
} as const;

export type Setting = keyof typeof VARIABLES;

/** What was configured; a setting that is absent or empty is "". */
export type AzureConfiguration = Readonly<Record<Setting, string>>;

/** Reads one key of the stack's configuration, e.g. `azure-native:clientId`. */
export type StackConfiguration = (key: string) => string | undefined;

export const DEFAULT_NAMESPACE = "azure-native";

export function readConfiguration(
  stack: StackConfiguration,
  namespace: string,
  environment: NodeJS.ProcessEnv,
): AzureConfiguration {
  const read = ([setting, variables]: [string, readonly string[]]): [string, string] => {
    const fromEnvironment = variables.map((name) => environment[name]).find((value) => value);
    return [setting, (stack(`${namespace}:${setting}`) ?? fromEnvironment ?? "").trim()];
  };
  return Object.fromEntries(Object.entries(VARIABLES).map(read)) as AzureConfiguration;
}

/** How a user sets one of the settings: for messages that ask for it. */
export function howToSet(setting: Setting, namespace: string): string {
  const flag = setting === "clientSecret" ? " --secret" : "";
  return `"pulumi config set${flag} ${namespace}:${setting} …" or ${VARIABLES[setting][0]}`;
}
