import { type Simulator } from "../../simulator";
import {
  closeSimulators,
  credential,
  listSubscriptions,
  managementClient,
  requestToken,
  simulate,
} from "./simulatorAndClients";

afterEach(closeSimulators);

describe("after a revocation of sessions", () => {
  test("Microsoft's @azure/arm-batch answers the challenge and goes on", async () => {
    const simulator = await simulate();
    simulator.createAccount({ name: "account" });
    const client = managementClient(simulator);
    const get = () => client.batchAccountOperations.get("simulator", "account");
    await get();
    for (let revocation = 0; revocation < 2; revocation++) {
      const before = simulator.requests.length;
      simulator.revokeSessions();
      await expect(get()).resolves.toMatchObject({ name: "account" });
      await get();
      expect(outcomes(simulator, before)).toEqual(["get 401", "token 200", "get 200", "get 200"]);
    }
  });

  test("a client that asks its token cache again is refused again", async () => {
    const simulator = await simulate();
    const signIn = credential(simulator);
    const scope = `${simulator.url}/.default`;
    const { token } = await signIn.getToken(scope);
    simulator.revokeSessions();
    expect(await listSubscriptions(simulator, token)).toMatchObject({ status: 401 });
    const { token: cached } = await signIn.getToken(scope);
    expect(await listSubscriptions(simulator, cached)).toMatchObject({ status: 401 });

    const claims = await challengedClaims(simulator, token);
    const { token: renewed } = await signIn.getToken(scope, { claims, enableCae: true });
    expect(await listSubscriptions(simulator, renewed)).toMatchObject({ status: 200 });
  });

  test("the challenge has the form of Azure's", async () => {
    const now = 1_603_742_800_123;
    const simulator = await simulate({ now: () => now });
    const token = simulator.accessToken();
    simulator.revokeSessions();
    const { status, headers, body } = await listSubscriptions(simulator, token);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1603742800"}}}';
    expect(status).toBe(401);
    expect(headers["www-authenticate"]).toBe(
      `Bearer authorization_uri="${simulator.url}/${simulator.tenantId}", ` +
        'error="insufficient_claims", error_description="User session has been revoked", ' +
        `claims="${Buffer.from(claims).toString("base64")}"`,
    );
    expect(body).toMatchObject({
      error: {
        code: "InvalidAuthenticationToken",
        message: expect.stringContaining("TokenIssuedBeforeRevocationTimestamp") as string,
      },
    });
  });

  test.each([
    ["without claims", undefined],
    ["with the capabilities of its client only", { xms_cc: { values: ["cp1"] } }],
    ["with the claims of an older challenge", { nbf: { essential: true, value: "1" } }],
  ])("a token that is asked for %s is refused", async (_, accessToken) => {
    const simulator = await simulate();
    simulator.revokeSessions();
    const token = await tokenFor(simulator, accessToken);
    expect(await listSubscriptions(simulator, token)).toMatchObject({ status: 401 });
  });

  test("a token of a new sign-in with the Azure CLI is accepted", async () => {
    const simulator = await simulate();
    const token = simulator.accessToken();
    expect(await listSubscriptions(simulator, token)).toMatchObject({ status: 200 });
    simulator.revokeSessions();
    expect(await listSubscriptions(simulator, token)).toMatchObject({ status: 401 });
    const renewed = simulator.accessToken();
    expect(await listSubscriptions(simulator, renewed)).toMatchObject({ status: 200 });
  });
});

test("claims that are not JSON are refused", async () => {
  const simulator = await simulate();
  const { clientSecret } = simulator;
  const response = await requestToken(simulator, { client_secret: clientSecret, claims: "{" });
  expect(response).toMatchObject({ status: 400, body: { error_codes: [9002313] } });
});

function outcomes(simulator: Simulator, from: number): string[] {
  return simulator.requests
    .slice(from)
    .filter(({ operation }) => operation !== "openIdConfiguration")
    .map(({ operation, status }) => `${operation} ${String(status)}`);
}

async function challengedClaims(simulator: Simulator, token: string): Promise<string> {
  const { headers } = await listSubscriptions(simulator, token);
  const [, claims = ""] = /claims="([^"]+)"/.exec(headers["www-authenticate"] ?? "") ?? [];
  return Buffer.from(claims, "base64").toString();
}

async function tokenFor(simulator: Simulator, accessToken: object | undefined): Promise<string> {
  const { body } = await requestToken(simulator, {
    client_secret: simulator.clientSecret,
    ...(accessToken && { claims: JSON.stringify({ access_token: accessToken }) }),
  });
  return (body as { access_token: string }).access_token;
}
