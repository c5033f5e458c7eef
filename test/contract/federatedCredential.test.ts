import { ClientAssertionCredential } from "@azure/identity";
import { type Simulator } from "../../simulator";
import {
  closeSimulators,
  listSubscriptions,
  send,
  signInOptions,
  simulate,
} from "./simulatorAndClients";

afterEach(closeSimulators);

const AUDIENCE = "api://AzureADTokenExchange";

describe("Microsoft's @azure/identity", () => {
  test("exchanges an ID token for an access token", async () => {
    const simulator = await simulate();
    const { token } = await signIn(simulator, simulator.federatedToken());
    expect(await listSubscriptions(simulator, token)).toMatchObject({ status: 200 });
  });

  test.each([
    ["for another audience", { audience: "api://other" }, /AADSTS700212: .*'api:\/\/other'/],
    ["about another subject", { subject: "repo:a/b" }, /AADSTS700213: .*'repo:a\/b'/],
    ["that has expired", { lifetimeSeconds: -1 }, /AADSTS700024: .*valid time range/],
  ])("is refused with an ID token %s", async (_, options, message) => {
    const simulator = await simulate();
    const attempt = signIn(simulator, simulator.federatedToken(options));
    await expect(attempt).rejects.toThrow(message);
  });

  test("is refused once an ID token's time has passed on the simulator's clock", async () => {
    let now = Date.now();
    const simulator = await simulate({ now: () => now });
    const idToken = simulator.federatedToken({ lifetimeSeconds: 60 });
    await expect(signIn(simulator, idToken)).resolves.toBeDefined();
    now += 60_000;
    await expect(signIn(simulator, idToken)).rejects.toThrow(/AADSTS700024: /);
  });

  test("is refused with an ID token of another issuer", async () => {
    const simulator = await simulate();
    const stranger = await simulate();
    const attempt = signIn(simulator, stranger.federatedToken());
    await expect(attempt).rejects.toThrow(/AADSTS700211: .*issuer/);
  });

  test("is refused with an ID token whose claims were changed", async () => {
    const simulator = await simulate();
    const [header, , signature] = simulator.federatedToken({ audience: "api://other" }).split(".");
    const [, payload] = simulator.federatedToken().split(".");
    const forged = [header, payload, signature].join(".");
    await expect(signIn(simulator, forged)).rejects.toThrow(
      /AADSTS50013: .*use of the key to verify the signature failed/,
    );
  });
});

describe("the ID token endpoint of GitHub Actions", () => {
  test("answers a token for the audience that is asked for, which Entra ID takes", async () => {
    const simulator = await simulate();
    const { status, body } = await askGitHub(simulator, { audience: AUDIENCE });
    const { count, value } = body as { count: number; value: string };
    expect({ status, count }).toEqual({ status: 200, count: value.length });
    await expect(signIn(simulator, value)).resolves.toBeDefined();
  });

  test("answers a token for the repository's owner unless it is asked for another", async () => {
    const simulator = await simulate();
    const { body } = await askGitHub(simulator);
    const attempt = signIn(simulator, (body as { value: string }).value);
    await expect(attempt).rejects.toThrow(/AADSTS700212: .*'https:\/\/github.com\/octo-org'/);
  });

  test("refuses another request token, and none", async () => {
    const simulator = await simulate();
    for (const authorization of ["bearer wrong", ""]) {
      const response = await askGitHub(simulator, { audience: AUDIENCE, authorization });
      expect(response).toMatchObject({
        status: 401,
        body: { message: expect.any(String) as string },
      });
    }
  });

  test("leaves neither request token nor ID token in the recorded requests", async () => {
    const simulator = await simulate();
    const { body } = await askGitHub(simulator, { audience: AUDIENCE });
    const idToken = (body as { value: string }).value;
    await signIn(simulator, idToken);
    const recorded = JSON.stringify(simulator.requests);
    expect(simulator.requests.at(0)).toMatchObject({ operation: "githubIdToken", status: 200 });
    expect(recorded).not.toContain(idToken);
    expect(recorded).not.toContain(requestTokenOf(simulator));
  });
});

function signIn(simulator: Simulator, idToken: string) {
  const { tenantId, clientId } = simulator;
  return new ClientAssertionCredential(
    tenantId,
    clientId,
    () => Promise.resolve(idToken),
    signInOptions(simulator),
  ).getToken(`${simulator.url}/.default`);
}

/** The request that GitHub's documentation shows: the URL as it is, and `&audience=` after it. */
function askGitHub(
  simulator: Simulator,
  options: { audience?: string; authorization?: string } = {},
) {
  const { authorization = `bearer ${requestTokenOf(simulator)}` } = options;
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = "" } = simulator.githubActionsEnvironment();
  const query = options.audience ? `&audience=${encodeURIComponent(options.audience)}` : "";
  return send(simulator, `${url}${query}`, { headers: { Authorization: authorization } });
}

function requestTokenOf(simulator: Simulator): string {
  return simulator.githubActionsEnvironment()["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "";
}
