import { type Simulator } from "../../simulator";
import {
  closeSimulators,
  listSubscriptions,
  send,
  signInOptions,
  simulate,
} from "./simulatorAndClients";

const environment = process.env;

afterEach(async () => {
  process.env = environment;
  await closeSimulators();
});

describe("Microsoft's @azure/identity", () => {
  test.each(["system-assigned", "user-assigned"])("signs in as a %s identity", async (kind) => {
    const simulator = await simulate({ tokenLifetimeSeconds: 600 });
    const clientId = kind === "user-assigned" ? simulator.clientId : undefined;
    const { token, expiresOnTimestamp } = await signIn(simulator, { clientId });
    expect(Math.abs(expiresOnTimestamp - Date.now() - 600_000)).toBeLessThan(5_000);
    expect(await listSubscriptions(simulator, token)).toMatchObject({ status: 200 });
  });

  test("is refused as an identity that the host does not have", async () => {
    const simulator = await simulate();
    const clientId = "00000000-0000-0000-0000-000000000001";
    await expect(signIn(simulator, { clientId })).rejects.toThrow(
      /No User Assigned or Delegated Managed Identity found/,
    );
  });

  test("is refused with another identity header", async () => {
    const simulator = await simulate();
    await expect(signIn(simulator, { identityHeader: "wrong" })).rejects.toThrow(
      /X-IDENTITY-HEADER/,
    );
  });

  test("is refused for another resource", async () => {
    const simulator = await simulate();
    const scope = "https://management.azure.com/.default";
    await expect(signIn(simulator, { scope })).rejects.toThrow(
      /The resource principal named https:\/\/management.azure.com was not found/,
    );
  });
});

describe("the managed identity endpoint of App Service", () => {
  test("answers a token with the fields that App Service documents", async () => {
    const simulator = await simulate();
    const now = Math.floor(Date.now() / 1000);
    const { status, body } = await ask(simulator, { resource: `${simulator.url}/` });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        access_token: expect.any(String) as string,
        expires_on: expect.stringMatching(/^\d+$/) as string,
        resource: `${simulator.url}/`,
        token_type: "Bearer",
        client_id: simulator.clientId,
      },
    });
    const { expires_on: expiresOn } = body as { expires_on: string };
    expect(Number(expiresOn) - now).toBeGreaterThanOrEqual(3599);
  });

  test("refuses another API version", async () => {
    const simulator = await simulate();
    const request = { resource: simulator.url, "api-version": "2017-09-01" };
    expect(await ask(simulator, request)).toMatchObject({ status: 400 });
  });

  test("leaves no identity header in the recorded requests", async () => {
    const simulator = await simulate();
    await ask(simulator, { resource: simulator.url });
    const { IDENTITY_HEADER: identityHeader } = simulator.managedIdentityEnvironment();
    expect(simulator.requests).toMatchObject([{ operation: "managedIdentityToken", status: 200 }]);
    expect(JSON.stringify(simulator.requests)).not.toContain(identityHeader);
  });
});

/** The client finds the endpoint once in the life of its module, which is why it is loaded anew. */
async function signIn(
  simulator: Simulator,
  options: {
    clientId?: string | undefined;
    identityHeader?: string;
    scope?: string;
  },
) {
  const { clientId, identityHeader, scope = `${simulator.url}/.default` } = options;
  process.env = {
    ...environment,
    ...simulator.managedIdentityEnvironment(),
    ...(identityHeader !== undefined && { IDENTITY_HEADER: identityHeader }),
  };
  jest.resetModules();
  const { ManagedIdentityCredential } = await import("@azure/identity");
  return new ManagedIdentityCredential({
    ...signInOptions(simulator),
    ...(clientId !== undefined && { clientId }),
  }).getToken(scope);
}

function ask(simulator: Simulator, parameters: Record<string, string>) {
  const environment = simulator.managedIdentityEnvironment();
  const query = new URLSearchParams({ "api-version": "2019-08-01", ...parameters });
  return send(simulator, `${environment["IDENTITY_ENDPOINT"] ?? ""}?${query.toString()}`, {
    headers: { "X-IDENTITY-HEADER": environment["IDENTITY_HEADER"] ?? "" },
  });
}
