import * as identity from "@azure/identity";
import { cloudByName } from "../../provider/azure/clouds";
import { readConfiguration } from "../../provider/azure/configuration";
import { USER_AGENT_PREFIX } from "../../provider/azure/http/client";
import { AzureCli } from "../../provider/azure/signIn/azureCli";
import { createCredential } from "../../provider/azure/signIn/credential";
import { chooseSignInMethod } from "../../provider/azure/signIn/signInMethod";

/* A mock, for once: what auxiliary tenants and instance discovery do cannot be seen in any request
 * to a simulator, which has one tenant, in a cloud of its own. */
jest.mock("@azure/identity");
jest.mock("../../provider/azure/signIn/certificate", () => ({ readCertificate: () => "a PEM" }));

const PRINCIPAL = { tenantId: "tenant", clientId: "client" };
const METHODS: [keyof typeof identity, Record<string, string>][] = [
  ["DefaultAzureCredential", { useDefaultAzureCredential: "true" }],
  ["ClientCertificateCredential", { ...PRINCIPAL, clientCertificatePath: "a.pfx" }],
  ["ClientSecretCredential", { ...PRINCIPAL, clientSecret: "a secret" }],
  ["ClientAssertionCredential", { ...PRINCIPAL, useOidc: "true", oidcToken: "a token" }],
  ["ManagedIdentityCredential", { useMsi: "true" }],
  ["ManagedIdentityCredential", { useMsi: "true", clientId: "client" }],
];

/** The options that the credential of these settings is made with. */
async function optionsOf(
  made: keyof typeof identity,
  settings: Record<string, string>,
  skipsInstanceDiscovery = false,
): Promise<unknown> {
  const stack = (key: string) => settings[key.replace("azure-native:", "")];
  const configuration = readConfiguration(stack, "azure-native", {});
  const method = chooseSignInMethod(configuration, "azure-native");
  await createCredential({
    signIn: { method, configuration, namespace: "azure-native" },
    cloud: { ...cloudByName("public"), skipsInstanceDiscovery },
    cli: new AzureCli(),
    firstDelay: 1,
    tls: undefined,
    http: { send: () => Promise.reject(new Error("nothing is sent")) },
  });
  const calls = (identity[made] as unknown as jest.Mock<unknown, unknown[]>).mock.calls;
  return calls.at(-1)?.at(-1);
}

test.each(METHODS)("%s of %j gets what is configured", async (made, settings) => {
  const auxiliaryTenantIds = '["one","two"]';
  const configured = { ...settings, auxiliaryTenantIds, disableInstanceDiscovery: "true" };
  expect(await optionsOf(made, configured)).toMatchObject({
    authorityHost: "https://login.microsoftonline.com",
    additionallyAllowedTenants: ["one", "two"],
    disableInstanceDiscovery: true,
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: USER_AGENT_PREFIX },
  });
});

test.each([true, false])("a cloud that skips instance discovery: %p", async (skips) => {
  const settings = { ...PRINCIPAL, clientSecret: "a secret" };
  expect(await optionsOf("ClientSecretCredential", settings, skips)).toMatchObject({
    additionallyAllowedTenants: [],
    disableInstanceDiscovery: skips,
  });
});
