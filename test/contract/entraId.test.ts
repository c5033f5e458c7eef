import {
  closeSimulators,
  credential,
  requestToken,
  sendSigned,
  simulate,
} from "./simulatorAndClients";

afterEach(closeSimulators);

describe("Microsoft's @azure/identity", () => {
  test("gets a token for Resource Manager, with either spelling of the audience", async () => {
    const simulator = await simulate({ tokenLifetimeSeconds: 600 });
    for (const scope of [`${simulator.url}/.default`, `${simulator.url}//.default`]) {
      const { token, expiresOnTimestamp } = await credential(simulator).getToken(scope);
      expect(token.split(".")).toHaveLength(3);
      expect(Math.abs(expiresOnTimestamp - Date.now() - 600_000)).toBeLessThan(5_000);
    }
  });

  test.each([
    ["another secret", { clientSecret: "wrong" }, 7000215],
    ["another application", { clientId: "00000000-0000-0000-0000-000000000001" }, 700016],
  ])("is refused with %s", async (_, overrides, errorCode) => {
    const simulator = await simulate();
    const attempt = credential(simulator, overrides).getToken(`${simulator.url}/.default`);
    await expect(attempt).rejects.toThrow(`AADSTS${String(errorCode)}: `);
  });

  test("is refused for another audience and by another tenant", async () => {
    const simulator = await simulate();
    const elsewhere = "https://management.azure.com/.default";
    await expect(credential(simulator).getToken(elsewhere)).rejects.toThrow(/AADSTS500011/);

    const tenantId = "00000000-0000-0000-0000-000000000002";
    const stranger = credential(simulator, { tenantId });
    await expect(stranger.getToken(`${simulator.url}/.default`)).rejects.toThrow(/endpoints/);
    expect(simulator.requests.at(-1)).toMatchObject({
      operation: "openIdConfiguration",
      status: 400,
    });
  });

  test("leaves no secret in the recorded requests", async () => {
    const simulator = await simulate();
    await sendSigned(simulator, "/subscriptions?api-version=2022-12-01");
    const { token } = await credential(simulator).getToken(`${simulator.url}/.default`);
    const recorded = JSON.stringify(simulator.requests);
    expect(simulator.requests.map(({ operation }) => operation)).toContain("token");
    expect(recorded).not.toContain(simulator.clientSecret);
    expect(recorded).not.toContain("Bearer ey");
    expect(recorded).not.toContain(token);
  });
});

test("a token error has the form and fields of Entra ID's", async () => {
  const simulator = await simulate();
  const response = await requestToken(simulator, { client_secret: "wrong" });
  expect(response).toMatchObject({
    status: 401,
    body: {
      error: "invalid_client",
      error_description: expect.stringMatching(
        /^AADSTS7000215: Invalid client secret provided.* Trace ID: .* Correlation ID: .* Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
      ) as string,
      error_codes: [7000215],
    },
  });
});

test.each([
  ["another grant type", { grant_type: "password" }, "unsupported_grant_type"],
  ["neither secret nor assertion", {}, "invalid_client"],
  ["an assertion of no type", { client_assertion: "e.e.e" }, "invalid_request"],
])("a token request with %s is refused", async (_, form: Record<string, string>, error) => {
  const simulator = await simulate();
  const response = await requestToken(simulator, form);
  expect(response.body).toMatchObject({ error });
});
