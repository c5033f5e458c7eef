import type { Simulator } from "../../simulator";
import { setProcessEnvironment } from "../support/processEnvironment";
import type { SimulatedWorld } from "../support/simulatedWorld";
import {
  signInSimulator,
  signInWorld,
  type Settings,
  type SignInWorld,
} from "../support/signInWorld";

let world: SimulatedWorld;
let simulator: Simulator;
let here: SignInWorld;
let principal: Settings;

beforeAll(async () => {
  world = await signInSimulator();
  ({ simulator } = world);
  principal = { tenantId: simulator.tenantId, clientId: simulator.clientId };
});
afterAll(() => simulator.close());
beforeEach(() => {
  here = signInWorld(world);
});
afterEach(() => {
  here.close();
});

/** Settings with a token that no message may hold. */
function withToken(oidcToken: string): Settings {
  here.secrets.push(oidcToken);
  return { ...principal, useOidc: "true", oidcToken };
}

describe("settings that a method lacks are all named, with how to set them", () => {
  test.each<[string, Settings, RegExp]>([
    [
      "a client secret",
      { clientSecret: "a secret" },
      /^could not sign in to Azure with a client secret: tenantId, clientId are not configured\. Next: use "pulumi config set azure-native:tenantId …" or ARM_TENANT_ID, "pulumi config set azure-native:clientId …" or ARM_CLIENT_ID$/,
    ],
    [
      "a certificate",
      { clientCertificatePath: "x.pfx", clientId: "client" },
      /^could not sign in to Azure with a client certificate: tenantId is not configured\. Next: use .* or ARM_TENANT_ID$/,
    ],
    [
      "OIDC",
      { useOidc: "true" },
      /with an OIDC token: tenantId, clientId, oidcToken, oidcTokenFilePath, oidcRequestUrl, oidcRequestToken are not configured\. Next: .*--secret azure-native:oidcToken …" or ARM_OIDC_TOKEN.*one way to a token is enough.*id-token: write$/,
    ],
    [
      "a request for an OIDC token without its address",
      { useOidc: "true", tenantId: "tenant", clientId: "client", oidcRequestToken: "a token" },
      /with an OIDC token: oidcRequestUrl is not configured\. Next: .* or ACTIONS_ID_TOKEN_REQUEST_URL$/,
    ],
    [
      "a request for an OIDC token without the token it takes",
      { useOidc: "true", tenantId: "tenant", clientId: "client", oidcRequestUrl: "https://host" },
      /with an OIDC token: oidcRequestToken is not configured\. Next: .* or ACTIONS_ID_TOKEN_REQUEST_TOKEN$/,
    ],
  ])("%s", async (_, settings, message) => {
    expect(await here.failure(settings)).toMatch(message);
  });

  test.each(["tenant", '{"tenant":1}', "[1]"])(
    "auxiliaryTenantIds %p are refused",
    async (auxiliaryTenantIds) => {
      const { clientSecret } = simulator;
      expect(await here.failure({ ...principal, clientSecret, auxiliaryTenantIds })).toMatch(
        /auxiliaryTenantIds is not a JSON array of tenant ids\. Next: use "pulumi config set azure-native:auxiliaryTenantIds '\["<tenant id>"\]'" or ARM_AUXILIARY_TENANT_IDS/,
      );
    },
  );
});

describe("an OIDC token", () => {
  test("that is not one is told in Entra's words", async () => {
    expect(await here.failure(withToken("abc8Q~Xyz+/= of nobody"))).toMatch(
      /^could not sign in to Azure with an OIDC token to tenant .*: AADSTS\d+: /,
    );
  });

  test("that has expired is told in Entra's words", async () => {
    const token = simulator.federatedToken({ lifetimeSeconds: -600 });
    expect(await here.failure(withToken(token))).toMatch(/AADSTS700024: .*federated credentials/);
  });

  test.each([
    ["is gone", undefined, /cannot be read \(ENOENT\)/],
    ["is empty", " \n", /is empty/],
  ])("whose file %s is told with the file", async (_, content, reason) => {
    const path =
      content === undefined
        ? "/nowhere/token of this job"
        : here.file("token of this job", content);
    const failure = await here.failure({ ...principal, useOidc: "true", oidcTokenFilePath: path });
    expect(failure).toMatch(reason);
    expect(failure).toMatch(/Next: check oidcTokenFilePath \(.*token of this job\)/);
  });

  test.each([
    ["not a URL", /oidcRequestUrl is not an https URL\. Next: check oidcRequestUrl/],
    ["http://localhost:1/", /oidcRequestUrl is not an https URL/],
    ["https://localhost:1/", /no OIDC token could be had from localhost:1: .*ECONNREFUSED/],
  ])("that is asked for at %s is told with the host", async (oidcRequestUrl, reason) => {
    const settings = { ...principal, useOidc: "true", oidcRequestUrl, oidcRequestToken: "a token" };
    expect(await here.failure(settings)).toMatch(reason);
  });

  test("that GitHub does not give is told with what it answered", async () => {
    const environment = simulator.githubActionsEnvironment();
    const oidcRequestUrl = environment["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
    const oidcRequestToken = "not the token of this job";
    here.secrets.push(oidcRequestToken);
    const settings = { ...principal, useOidc: "true", oidcRequestUrl, oidcRequestToken };
    expect(await here.failure(settings)).toMatch(
      /from localhost:\d+: it answered 401\. Next: .*give the job the permission id-token: write$/,
    );
  });

  test.each([
    ["not JSON", "hello", /its answer is not JSON/],
    ["without a token", '{"value":""}', /its answer has no "value"/],
  ])("in an answer that is %s is told as missing", async (_, body, reason) => {
    const environment = simulator.githubActionsEnvironment();
    const fault = simulator.inject({
      operation: "githubIdToken",
      times: 9,
      fault: { kind: "Body", body },
    });
    const failure = await here.failure({
      ...principal,
      useOidc: "true",
      oidcRequestUrl: environment["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "",
      oidcRequestToken: environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "",
    });
    fault.remove();
    expect(failure).toMatch(reason);
  });
});

describe("a tenant", () => {
  test("that is mistyped is told as not known", async () => {
    const tenantId = "00000000-0000-0000-0000-000000000000";
    const { clientSecret } = simulator;
    expect(await here.failure({ ...principal, tenantId, clientSecret })).toMatch(
      /to tenant 00000000-\S+ at https:\/\/localhost:\d+ as client \S+: the tenant is not known there\. Next: check tenantId, and that environment or metadataHost names the tenant's cloud$/,
    );
  });

  test("whose endpoints cannot be had is told with the reason", async () => {
    const fault = simulator.inject({
      operation: "openIdConfiguration",
      times: 99,
      fault: { kind: "Error", status: 403, code: "Forbidden" },
    });
    const { clientSecret } = simulator;
    const failure = await here.failure({ ...principal, clientSecret });
    fault.remove();
    expect(failure).toMatch(
      /asked for the tenant, it answered 403\. Next: check that https:.* is Microsoft Entra ID/,
    );
  });
});

test("a redirect does not carry the secret on", async () => {
  const headers = { Location: `/${simulator.tenantId}/oauth2/v2.0/token` };
  const redirect = simulator.inject({
    operation: "token",
    fault: { kind: "Error", status: 307, code: "TemporaryRedirect", headers },
  });
  const before = simulator.requests.length;
  await here.failure({ ...principal, clientSecret: simulator.clientSecret });
  redirect.remove();
  const tokens = simulator.requests.slice(before).filter(({ operation }) => operation === "token");
  expect(tokens.map(({ status }) => status)).toEqual([307]);
});

describe("a managed identity", () => {
  test("that the machine does not have is told in the service's words", async () => {
    setProcessEnvironment(simulator.managedIdentityEnvironment());
    expect(await here.failure({ useMsi: "true", clientId: "another" })).toMatch(
      /^could not sign in to Azure with a managed identity as client another: No User Assigned .*PrincipalId\. Next: run on an Azure resource that has this managed identity/,
    );
  });
});

test("DefaultAzureCredential tells why it was refused, without the secret in its environment", async () => {
  const { tenantId, clientId } = simulator;
  const wrong = "not the secret";
  here.secrets.push(wrong);
  setProcessEnvironment({ AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId });
  setProcessEnvironment({ AZURE_CLIENT_SECRET: wrong });
  const body = JSON.stringify({ error: "invalid_client", error_description: `it is ${wrong}` });
  const echo = simulator.inject({
    operation: "token",
    times: 9,
    fault: { kind: "Body", body, status: 400 },
  });
  const failure = await here.failure({ useDefaultAzureCredential: "true" });
  echo.remove();
  expect(failure).toMatch(/with DefaultAzureCredential: .*it is \[secret\].*Next: set up one/);
});

test("DefaultAzureCredential that finds nothing says what it tried", async () => {
  setProcessEnvironment({ AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" });
  expect(await here.failure({ useDefaultAzureCredential: "true" })).toMatch(
    /^could not sign in to Azure with DefaultAzureCredential: .*EnvironmentCredential is unavailable.*Next: set up one of the credentials/,
  );
});
