import { readConfiguration, type Setting } from "../../provider/azure/configuration";

test("a setting of the stack wins over the environment, even an empty one", () => {
  const stack = new Map([
    ["azure-native:clientId", "from the stack"],
    ["azure-native:clientSecret", ""],
  ]);
  const environment = {
    ARM_CLIENT_ID: "from the environment",
    ARM_CLIENT_SECRET: "from the environment",
    ARM_CLIENT_CERTIFICATE_PASSWORD: " a password ",
    ARM_ENVIRONMENT: "",
    AZURE_ENVIRONMENT: "china",
  };
  expect(readConfiguration((key) => stack.get(key), "azure-native", environment)).toMatchObject({
    clientId: "from the stack",
    clientSecret: "",
    clientCertificatePassword: " a password ",
    environment: "china",
    tenantId: "",
  });
});

test.each<[Setting, string]>([
  ["subscriptionId", "ARM_SUBSCRIPTION_ID"],
  ["tenantId", "ARM_TENANT_ID"],
  ["auxiliaryTenantIds", "ARM_AUXILIARY_TENANT_IDS"],
  ["clientId", "ARM_CLIENT_ID"],
  ["clientSecret", "ARM_CLIENT_SECRET"],
  ["clientCertificatePath", "ARM_CLIENT_CERTIFICATE_PATH"],
  ["clientCertificatePassword", "ARM_CLIENT_CERTIFICATE_PASSWORD"],
  ["useOidc", "ARM_USE_OIDC"],
  ["oidcToken", "ARM_OIDC_TOKEN"],
  ["oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH"],
  ["oidcRequestToken", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
  ["oidcRequestUrl", "ACTIONS_ID_TOKEN_REQUEST_URL"],
  ["oidcAudience", "ARM_OIDC_AUDIENCE"],
  ["useMsi", "ARM_USE_MSI"],
  ["useDefaultAzureCredential", "ARM_USE_DEFAULT_AZURE_CREDENTIAL"],
  ["disableInstanceDiscovery", "ARM_DISABLE_INSTANCE_DISCOVERY"],
  ["environment", "ARM_ENVIRONMENT"],
  ["environment", "AZURE_ENVIRONMENT"],
  ["metadataHost", "ARM_METADATA_HOSTNAME"],
])("%s is read from %s where the stack does not set it", (setting, variable) => {
  const environment = { [variable]: "value" };
  const stack = (key: string) => (key === `other:${setting}` ? "" : undefined);
  expect(readConfiguration(() => undefined, "azure-native", environment)[setting]).toBe("value");
  expect(readConfiguration(stack, "other", environment)[setting]).toBe("");
});
