import type { Fault, OperationName } from "../../simulator";
import { createClientCertificate, toPfx } from "../support/certificateFiles";
import { documentedRows } from "../support/documentedErrors";
import { setProcessEnvironment } from "../support/processEnvironment";
import { inSignInWorld, onMachine, type Settings, workloadIdentity } from "../support/signInWorld";
import { interactionNeeded } from "../support/standInAz";

/* The failures to sign in that docs/errors.md lists: it gives the advice that the user reads. */

const here = inSignInWorld();
/** A PFX file, whose password is "password", of a certificate that no application knows. */
let pfx: Buffer;
/** What belongs into the file of a certificate, less the private key. */
let certificateAlone: string;

beforeAll(async () => {
  const { certificate, privateKey } = await createClientCertificate();
  pfx = toPfx([certificate], privateKey, "password");
  certificateAlone = certificate;
});

const ANOTHER = "00000000-0000-0000-0000-000000000002";
const SERVICE_PRINCIPAL =
  /^could not sign in to Azure with a client (secret|certificate) to tenant \S+ at https:\/\/localhost:\d+ as client \S+: /;

function withCertificate(content: string | Buffer, clientCertificatePassword = ""): Settings {
  const clientCertificatePath = here.file("application.pfx", content);
  return { ...here.principal, clientCertificatePath, clientCertificatePassword };
}

function withSecret(settings: Settings): Settings {
  return { ...here.principal, clientSecret: here.simulator.clientSecret, ...settings };
}

function described(name: string): string {
  const { url } = here.simulator;
  const authentication = { loginEndpoint: url, audiences: [url] };
  return JSON.stringify({ name, resourceManager: url, authentication });
}

/** A row's name, what a message of it is like, and how it comes about. */
const ROWS: [string, RegExp, () => Settings][] = [
  [
    "settings",
    /^could not sign in to Azure with a client secret: tenantId is not configured\. Next/,
    () => ({ clientSecret: "x", clientId: "y" }),
  ],
  [
    "auxiliaryTenantIds",
    /auxiliaryTenantIds is not a JSON array of tenant ids\. Next/,
    () => withSecret({ auxiliaryTenantIds: "tenant" }),
  ],
  ["AADSTS7000215", /: AADSTS7000215: .*\. Next/, () => withSecret({ clientSecret: "wrong" })],
  ["AADSTS700016", /: AADSTS700016: .*\. Next/, () => withSecret({ clientId: ANOTHER })],
  [
    "tenant",
    new RegExp(`${SERVICE_PRINCIPAL.source}there is no such tenant\\. Next`),
    () => withSecret({ tenantId: ANOTHER }),
  ],
  ["no answer from Entra ID", /: Microsoft Entra ID did not answer \(503\)\. Next/, busy],
  [
    "not Microsoft Entra ID",
    /: something between this machine and Microsoft Entra ID \(https:\/\/localhost:\d+\) has answered in its place \(502, text\/html, server gateway\/1\.0\)\. Next/,
    () => {
      const headers = { "Content-Type": "text/html", Server: "gateway/1.0" };
      return inject("token", { kind: "Body", body: "<html>", status: 502, headers });
    },
  ],
  ["AADSTS700027", /: AADSTS700027: .*\. Next/, () => withCertificate(pfx, "password")],
  [
    "certificate: no file",
    new RegExp(`${SERVICE_PRINCIPAL.source}the certificate file /nowhere/a\\.pfx does not exist`),
    () => ({ ...here.principal, clientCertificatePath: "/nowhere/a.pfx" }),
  ],
  [
    "certificate: password",
    /the configured password does not open the certificate file \S+\/application\.pfx\. Next/,
    () => withCertificate(pfx, "not that"),
  ],
  [
    "certificate: form",
    /application\.pfx is neither a PFX \(PKCS#12\) nor a PEM file that can be read\. Next/,
    () => withCertificate("something"),
  ],
  [
    "certificate: no key",
    /application\.pfx holds no private key\. Next/,
    () => withCertificate(certificateAlone),
  ],
  [
    "AADSTS700024",
    /^could not sign in to Azure with an OIDC token to tenant .*: AADSTS700024: .*\. Next/,
    () => {
      const oidcToken = here.simulator.federatedToken({ lifetimeSeconds: -600 });
      here.secrets.push(oidcToken);
      return { ...here.principal, useOidc: "true", oidcToken };
    },
  ],
  [
    "OIDC: token file",
    /: the file that oidcTokenFilePath names cannot be read \(ENOENT\)\. Next/,
    () => ({ ...here.principal, useOidc: "true", oidcTokenFilePath: "/nowhere/token" }),
  ],
  [
    "OIDC: token request",
    /: could not get an OIDC token from localhost:\d+: it answered 401\. Next/,
    () => {
      const { ACTIONS_ID_TOKEN_REQUEST_URL: oidcRequestUrl = "" } =
        here.simulator.githubActionsEnvironment();
      const oidcRequestToken = "not the token of this job";
      here.secrets.push(oidcRequestToken);
      return { ...here.principal, useOidc: "true", oidcRequestUrl, oidcRequestToken };
    },
  ],
  [
    "managed identity",
    /^could not sign in to Azure with a managed identity as client another: No User Assigned .*PrincipalId\. Next/,
    () => {
      setProcessEnvironment(here.simulator.managedIdentityEnvironment());
      return { useMsi: "true", clientId: "another" };
    },
  ],
  [
    "managed identity: no answer",
    /^could not sign in to Azure with a managed identity: the managed identity endpoint did not answer \(500\)\. Next/,
    () => {
      onMachine(here.simulator.managedIdentityEnvironment());
      inject("managedIdentityToken", { kind: "Error", status: 500, code: "Unexpected" });
      return { useMsi: "true" };
    },
  ],
  [
    "managed identity: token file",
    /^could not sign in to Azure with a managed identity: the token file that AZURE_FEDERATED_TOKEN_FILE names cannot be read \(ENOENT\)\. Next/,
    () => {
      setProcessEnvironment(workloadIdentity("/nowhere/token", here.simulator));
      return { useMsi: "true" };
    },
  ],
  [
    "managed identity: key file",
    /^could not sign in to Azure with a managed identity: Azure Arc's key file, .*, cannot be read\. Next/,
    () => {
      const { IDENTITY_ENDPOINT } = here.simulator.managedIdentityEnvironment();
      onMachine({ IDENTITY_ENDPOINT, IMDS_ENDPOINT: here.simulator.url });
      const headers = { "WWW-Authenticate": "Basic realm=/var/opt/azcmagent/tokens/absent.key" };
      inject("managedIdentityToken", { kind: "Error", status: 401, code: "Unauthorized", headers });
      return { useMsi: "true" };
    },
  ],
  [
    "DefaultAzureCredential",
    /^could not sign in to Azure with DefaultAzureCredential: .*EnvironmentCredential is unavailable.*\. Next/,
    () => {
      setProcessEnvironment({ AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" });
      return { useDefaultAzureCredential: "true" };
    },
  ],
  [
    "az: not installed",
    /^could not sign in to Azure with the Azure CLI: the Azure CLI \(az\) is not on PATH\. Next/,
    () => {
      setProcessEnvironment({ PATH: "/nowhere" });
      return {};
    },
  ],
  [
    "az: not signed in",
    /: nobody is signed in to the Azure CLI, or the sign-in has expired\. Next/,
    () => {
      here.az.answer("account show", "ERROR: Please run 'az login' to setup account.");
      return {};
    },
  ],
  [
    "az: another sign-in",
    /with the Azure CLI: AADSTS50076: Due to a configuration change .* to access '797f\S+'\. Next/,
    () => {
      here.az.answer("account get-access-token", interactionNeeded("AADSTS50076"));
      return {};
    },
  ],
  [
    "az: subscription",
    /: The subscription of '\S+' doesn't exist in cloud 'Simulator'\. Next/,
    () => {
      here.az.answer(
        "account show",
        `ERROR: The subscription of '${ANOTHER}' doesn't exist in cloud 'Simulator'.\n`,
      );
      return { subscriptionId: ANOTHER };
    },
  ],
  [
    "az: another cloud",
    /: it is signed in to cloud Simulator, but the configured cloud is AzureChinaCloud\. Next/,
    () => ({ environment: "china", metadataHost: "" }),
  ],
  [
    "cloud",
    /unknown Azure environment "mars"\. Next/,
    () => ({ environment: "mars", metadataHost: "" }),
  ],
  [
    "metadata host: no answer",
    /from metadata host localhost:1: .*ECONNREFUSED.*\. Next/,
    () => withSecret({ metadataHost: "localhost:1" }),
  ],
  [
    "metadata host: answer",
    /from metadata host localhost:\d+: "loginEndpoint" is missing\. Next/,
    () => answeredBy('{"name":"Mars"}'),
  ],
  [
    "metadata host: another cloud",
    /it describes AzureChinaCloud, but the configured environment is "public" \(AzureCloud\)/,
    () => ({ ...answeredBy(described("AzureChinaCloud")), environment: "public" }),
  ],
];

/** What is injected for the time of one test. */
const injected: { remove(): void }[] = [];

afterEach(() => {
  for (const fault of injected.splice(0)) fault.remove();
});

function inject(operation: OperationName, fault: Fault): Settings {
  injected.push(here.simulator.inject({ operation, times: Infinity, fault }));
  return withSecret({});
}

function busy(): Settings {
  return inject("token", { kind: "Error", status: 503, code: "ServerBusy" });
}

function answeredBy(body: string): Settings {
  return inject("metadata", { kind: "Body", body });
}

test.each(ROWS)("%s: the documents say what the message does", async (name, message, settings) => {
  expect(await here.failure(settings(), name)).toMatch(message);
});

test("subscription: the documents say what check does", async () => {
  here.az.answer("account show", "ERROR: Please run 'az login' to setup account.");
  const names = { resourceGroupName: "group", accountName: "account" };
  const { failures } = await here.newProcess().check({}, names);
  expect(failures).toMatchObject([{ property: "subscriptionId" }]);
  const row = documentedRows("Signing in").get("subscription");
  expect(row).toContain("give it here, configure azure-native:subscriptionId");
});

test("az: another tenant: the documents say what Azure Resource Manager's refusal ends with", async () => {
  inject("get", { kind: "Error", status: 401, code: "InvalidAuthenticationTokenTenant" });
  const failure = await here.failure({ tenantId: ANOTHER });
  const hint = `The Azure CLI is signed in to tenant ${here.simulator.tenantId}, but the configured tenantId is ${ANOTHER}: run "az login --tenant ${ANOTHER}"`;
  expect(failure).toMatch(
    /: 401 InvalidAuthenticationTokenTenant: .* Next: check that tenantId is/,
  );
  expect(failure.endsWith(`. ${hint}`)).toBe(true);
  const row = documentedRows("Signing in").get("az: another tenant");
  expect(row).toContain(hint.replaceAll(here.simulator.tenantId, "…").replaceAll(ANOTHER, "…"));
});

test("every row of the documents has a test, and every test a row", () => {
  const tested = ROWS.map(([name]) => name);
  expect([...documentedRows("Signing in").keys()].sort()).toEqual(
    [...tested, "subscription", "az: another tenant"].sort(),
  );
});
