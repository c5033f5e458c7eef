import { USER_AGENT_PREFIX } from "../../provider/azure/http/client";
import { SIGN_IN_TIMEOUT } from "../../provider/azure/signIn/credential";
import type { Fault, OperationName } from "../../simulator";
import { setProcessEnvironment } from "../support/processEnvironment";
import { inSignInWorld, onMachine, type Settings, workloadIdentity } from "../support/signInWorld";

const here = inSignInWorld();

/** Settings with a token that no message may hold. */
function withToken(oidcToken: string): Settings {
  here.secrets.push(oidcToken);
  return { ...here.principal, useOidc: "true", oidcToken };
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
      const { clientSecret } = here.simulator;
      expect(await here.failure({ ...here.principal, clientSecret, auxiliaryTenantIds })).toMatch(
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

  test("whose file is empty is told with the setting", async () => {
    const oidcTokenFilePath = here.file("token", " \n");
    const settings = { ...here.principal, useOidc: "true", oidcTokenFilePath };
    expect(await here.failure(settings)).toMatch(
      /the file that oidcTokenFilePath names is empty\. Next: check oidcTokenFilePath, and/,
    );
  });

  test("where the path of its file belongs is not told", async () => {
    const oidcTokenFilePath = "0.AXoA-an-opaque-token";
    here.secrets.push(oidcTokenFilePath);
    const settings = { ...here.principal, useOidc: "true", oidcTokenFilePath };
    expect(await here.failure(settings)).toContain("that oidcTokenFilePath names cannot be read");
  });

  test.each([
    ["not a URL", /oidcRequestUrl is not an https URL\. Next: check oidcRequestUrl/],
    ["http://localhost:1/", /oidcRequestUrl is not an https URL/],
    ["https://localhost:1/", /could not get an OIDC token from localhost:1: .*ECONNREFUSED/],
  ])("that is asked for at %s is told with the host", async (oidcRequestUrl, reason) => {
    const settings = {
      ...here.principal,
      useOidc: "true",
      oidcRequestUrl,
      oidcRequestToken: "a token",
    };
    expect(await here.failure(settings)).toMatch(reason);
  });

  test.each([
    ["not JSON", "hello", /its answer is not JSON/],
    ["without a token", '{"value":""}', /its answer has no "value"/],
  ])("in an answer that is %s is told as missing", async (_, body, reason) => {
    const environment = here.simulator.githubActionsEnvironment();
    const fault = here.simulator.inject({
      operation: "githubIdToken",
      times: 9,
      fault: { kind: "Body", body },
    });
    const failure = await here.failure({
      ...here.principal,
      useOidc: "true",
      oidcRequestUrl: environment["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "",
      oidcRequestToken: environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "",
    });
    fault.remove();
    expect(failure).toMatch(reason);
  });
});

test("a tenant whose endpoints Entra ID does not tell is told with the reason", async () => {
  const fault = here.simulator.inject({
    operation: "openIdConfiguration",
    times: 99,
    fault: { kind: "Error", status: 403, code: "Forbidden" },
  });
  const { clientSecret } = here.simulator;
  const failure = await here.failure({ ...here.principal, clientSecret });
  fault.remove();
  expect(failure).toMatch(
    /the request for the tenant's endpoints was answered with 403\. Next: check that https:.* is Microsoft Entra ID/,
  );
});

test("a redirect does not carry the secret on", async () => {
  const headers = { Location: `/${here.simulator.tenantId}/oauth2/v2.0/token` };
  const redirect = here.simulator.inject({
    operation: "token",
    fault: { kind: "Error", status: 307, code: "TemporaryRedirect", headers },
  });
  const before = here.simulator.requests.length;
  await here.failure({ ...here.principal, clientSecret: here.simulator.clientSecret });
  redirect.remove();
  const tokens = here.simulator.requests
    .slice(before)
    .filter(({ operation }) => operation === "token");
  expect(tokens.map(({ status }) => status)).toEqual([307]);
});

test("DefaultAzureCredential tells why it was refused, without the secret in its environment", async () => {
  const { tenantId, clientId } = here.simulator;
  const wrong = "not the secret";
  here.secrets.push(wrong);
  setProcessEnvironment({ AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId });
  setProcessEnvironment({ AZURE_CLIENT_SECRET: wrong });
  const body = JSON.stringify({ error: "invalid_client", error_description: `it is ${wrong}` });
  const echo = here.simulator.inject({
    operation: "token",
    times: 9,
    fault: { kind: "Body", body, status: 400 },
  });
  const failure = await here.failure({ useDefaultAzureCredential: "true" });
  echo.remove();
  expect(failure).toMatch(/with DefaultAzureCredential: .*it is \[secret\].*Next: set up one/);
});

describe("Microsoft Entra ID", () => {
  test.each<[string, OperationName, Fault, RegExp]>([
    ["that is too busy", "token", { kind: "Error", status: 503, code: "ServerBusy" }, /\(503\)/],
    [
      "that is asked too often",
      "token",
      { kind: "Error", status: 429, code: "AADSTS90055", message: "Too many." },
      /\(429\)/,
    ],
    ["that cuts the connection", "token", { kind: "Drop", when: "BeforeEffect" }, /\(.+\)/],
    ["that breaks off in its answer", "token", { kind: "CutBody", afterBytes: 9 }, /\(.+\)/],
    [
      "that says so itself",
      "token",
      { kind: "Error", status: 400, code: "AADSTS90033", message: "A transient error." },
      /\(AADSTS90033: A transient error\.\)/,
    ],
    [
      "that takes us for a loop",
      "token",
      { kind: "Error", status: 400, code: "AADSTS50196", message: "A request loop." },
      /\(AADSTS50196: A request loop\.\)/,
    ],
    [
      "that does not say where the tenant signs in",
      "openIdConfiguration",
      { kind: "Drop", when: "BeforeEffect" },
      /\(.+\)/,
    ],
  ])("%s is told as not answering", async (_, operation, fault, reason) => {
    const failure = await failureWith(operation, fault);
    const [said, next] = failure.split(". Next: ");
    expect(said).toMatch(new RegExp(`: Microsoft Entra ID did not answer ${reason.source}$`));
    expect(next).toBe(`check the connection to ${here.simulator.url}, then run "pulumi up" again`);
  });

  test.each<[OperationName, number, string, string]>([
    ["token", 200, "<html>sign in</html>", ""],
    ["token", 200, "", ""],
    ["token", 302, "", ": it redirects, and redirects are not followed"],
    ["token", 403, "<html>no</html>", ""],
    ["token", 503, "<html>later</html>", ', and run "pulumi up" again in a few minutes'],
    ["openIdConfiguration", 404, "<html>no</html>", ""],
  ])("is not what answers to %s with %i and %j", async (operation, status, body, more) => {
    const headers = { "Content-Type": "text/html", Server: "gateway/1.0" };
    const failure = await failureWith(operation, { kind: "Body", status, body, headers });
    const [said = "", next] = failure.split(". Next: ");
    expect(said).toMatch(
      /: something between this machine and Microsoft Entra ID \(https:\S+\) has/,
    );
    expect(said.endsWith(`in its place (${String(status)}, text/html, server gateway/1.0)`)).toBe(
      true,
    );
    expect(next).toBe(`check the proxy, gateway or firewall on the way${more}`);
  });

  test("that keeps silent is given up", async () => {
    const { setTimeout } = globalThis;
    const hurried = jest.spyOn(globalThis, "setTimeout");
    hurried.mockImplementation((callback, delay) =>
      setTimeout(callback, delay === SIGN_IN_TIMEOUT ? 500 : delay),
    );
    const silence = { kind: "Delay", milliseconds: 2_000, when: "BeforeEffect" } as const;
    const failure = await failureWith("token", silence);
    hurried.mockRestore();
    expect(failure).toMatch(
      /Entra ID did not answer \(no answer within 60 seconds\)\. Next: check/,
    );
  });

  test("is quoted without what changes with each answer", async () => {
    const error_description = "Something is wrong. Trace ID: 1 Correlation ID: 2 Timestamp: 3";
    const body = JSON.stringify({ error: "invalid_request", error_description });
    expect(await failureWith("token", { kind: "Body", body, status: 400 })).toMatch(
      /: Something is wrong\. Next: check tenantId/,
    );
  });

  test("hears the package's name", async () => {
    const before = here.simulator.requests.length;
    await here.rotate({ ...here.principal, clientSecret: here.simulator.clientSecret });
    const agents = here.simulator.requests
      .slice(before)
      .map(({ headers }) => headers["user-agent"]);
    expect(agents.filter((agent) => !agent?.startsWith(USER_AGENT_PREFIX))).toEqual([]);
  });
});

/** The message with which signing in with the right secret fails. */
async function failureWith(operation: OperationName, fault: Fault): Promise<string> {
  const injected = here.simulator.inject({ operation, times: Infinity, fault });
  const { clientSecret } = here.simulator;
  const failure = await here.failure({ ...here.principal, clientSecret });
  injected.remove();
  return failure;
}

describe("a workload identity's token file", () => {
  test.each([
    ["missing", () => "/nowhere/token", "ENOENT"],
    ["a folder", () => "/", "EISDIR"],
    ["empty", () => here.file("token", " \n"), "it is empty"],
  ])("that is %s is told by DefaultAzureCredential, too", async (_, path, reason) => {
    setProcessEnvironment({ ...workloadIdentity(path(), here.simulator), PATH: "/nowhere" });
    expect(await here.failure({ useDefaultAzureCredential: "true" })).toContain(
      `with DefaultAzureCredential: the token file that AZURE_FEDERATED_TOKEN_FILE names cannot be read (${reason}). Next: check that the pod has`,
    );
  });

  test("that holds what Entra ID does not take is told in Entra's words", async () => {
    const token = here.simulator.federatedToken({ subject: "somebody else" });
    here.secrets.push(token);
    setProcessEnvironment(workloadIdentity(here.file("token", token), here.simulator));
    setProcessEnvironment({ AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential" });
    expect(await here.failure({ useDefaultAzureCredential: "true" })).toMatch(/: AADSTS700213: /);
  });
});

test("a managed identity whose endpoint answers a page with 500 is told as one that may pass", async () => {
  onMachine({ ...here.simulator.managedIdentityEnvironment(), PATH: "/nowhere" });
  const page: Fault = { kind: "Body", body: "<html>", status: 500 };
  const fault = here.simulator.inject({
    operation: "managedIdentityToken",
    times: Infinity,
    fault: page,
  });
  const settings: Settings[] = [{ useMsi: "true" }, { useDefaultAzureCredential: "true" }];
  for (const each of settings) {
    expect(await here.failure(each)).toMatch(
      /: the managed identity endpoint did not answer \(500\)\. Next: run "pulumi up" again in a few min/,
    );
  }
  fault.remove();
});

test.each(["HTTPS_PROXY", "all_proxy"])(
  "%s that is not a URL is told, not quoted",
  async (name) => {
    here.secrets.push("TOPSECRET");
    setProcessEnvironment({ [name]: "http://user:TOPSECRET@proxy:99999" });
    const { clientSecret } = here.simulator;
    expect(await here.failure({ ...here.principal, clientSecret })).toMatch(
      new RegExp(`^could not connect to Azure: ${name} is not a URL\\. Next: set it to the proxy`),
    );
  },
);
