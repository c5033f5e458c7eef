import { ClientCertificateCredential } from "@azure/identity";
import { type Simulator } from "../../simulator";
import { type ClientCertificate, createClientCertificate } from "../support/certificateFiles";
import { signAssertion } from "./clientAssertion";
import {
  closeSimulators,
  listSubscriptions,
  requestToken,
  signInOptions,
  simulate,
} from "./simulatorAndClients";

afterEach(closeSimulators);

const CLIENT_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

describe("Microsoft's @azure/identity", () => {
  test("signs in with a registered certificate", async () => {
    const simulator = await simulate();
    const file = await createClientCertificate();
    simulator.registerCertificate(file.certificate);
    const { token } = await credential(simulator, file).getToken(`${simulator.url}/.default`);
    expect(await listSubscriptions(simulator, token)).toMatchObject({ status: 200 });
  });

  test("signs in with each of several certificates", async () => {
    const simulator = await simulate();
    const files = [await createClientCertificate(), await createClientCertificate()];
    for (const { certificate } of files) {
      simulator.registerCertificate(certificate);
    }
    for (const file of files) {
      await expect(signIn(simulator, file)).resolves.toBeDefined();
    }
  });

  test("is refused with a certificate that is not registered", async () => {
    const simulator = await simulate();
    simulator.registerCertificate((await createClientCertificate()).certificate);
    await expect(signIn(simulator, await createClientCertificate())).rejects.toThrow(
      /AADSTS700027: .*The key was not found.*'[0-9A-F]{64}'/,
    );
  });

  test("is refused with a certificate that has expired", async () => {
    const simulator = await simulate();
    const file = await createClientCertificate(new Date(Date.now() - 60_000));
    simulator.registerCertificate(file.certificate);
    await expect(signIn(simulator, file)).rejects.toThrow(
      /AADSTS700027: .*The key used is expired/,
    );
  });

  test("is refused when its clock is behind the simulator's", async () => {
    const simulator = await simulate({ now: () => Date.now() + 3_600_000 });
    const file = await createClientCertificate();
    simulator.registerCertificate(file.certificate);
    await expect(signIn(simulator, file)).rejects.toThrow(
      /AADSTS700024: Client assertion is not within its valid time range/,
    );
  });

  test("is refused with the private key of another certificate", async () => {
    const simulator = await simulate();
    const { certificate } = await createClientCertificate();
    const { privateKey } = await createClientCertificate();
    simulator.registerCertificate(certificate);
    await expect(signIn(simulator, { certificate, privateKey })).rejects.toThrow(
      /AADSTS700027: .*use of the key to verify the signature failed/,
    );
  });
});

describe("a client assertion signed with RS256", () => {
  test("is taken for the token endpoint and for the issuer", async () => {
    const { simulator, file } = await registered();
    for (const path of ["oauth2/v2.0/token", "v2.0"]) {
      const aud = `${simulator.url}/${simulator.tenantId}/${path}`;
      const response = await present(simulator, signAssertion(file, claims(simulator, { aud })));
      expect(response).toMatchObject({ status: 200, body: { token_type: "Bearer" } });
    }
  });

  test.each([
    ["for somebody else", { aud: "https://localhost/" }, 700023],
    ["about another application", { sub: "00000000-0000-0000-0000-000000000001" }, 700021],
    ["that is not valid yet", { nbf: Date.now() / 1000 + 600 }, 700024],
    ["that never expires", { exp: undefined }, 700024],
    ["from another issuer", { iss: "https://localhost/" }, 700211],
  ])("is refused: one %s", async (_, overrides, errorCode) => {
    const { simulator, file } = await registered();
    const assertion = signAssertion(file, claims(simulator, overrides));
    expect(await present(simulator, assertion)).toMatchObject({
      status: 401,
      body: { error: "invalid_client", error_codes: [errorCode] },
    });
  });

  test.each([
    ["without a thumbprint", { x5t: undefined }, 50027],
    ["that claims another algorithm", { alg: "none" }, 5002738],
  ])("is refused: one %s", async (_, header, errorCode) => {
    const { simulator, file } = await registered();
    const assertion = signAssertion(file, claims(simulator), header);
    expect(await present(simulator, assertion)).toMatchObject({
      status: 400,
      body: { error: "invalid_request", error_codes: [errorCode] },
    });
  });

  test.each(["", "no token", "e30.e30", "e30.e30.", "e30.bm8.e30", "W10.e30.e30.e30"])(
    "is refused: %j, which is no JSON Web Token",
    async (assertion) => {
      const { simulator } = await registered();
      expect(await present(simulator, assertion)).toMatchObject({
        status: 400,
        body: { error_codes: [50027] },
      });
    },
  );
});

function credential(simulator: Simulator, { certificate, privateKey }: ClientCertificate) {
  return new ClientCertificateCredential(
    simulator.tenantId,
    simulator.clientId,
    { certificate: `${certificate}\n${privateKey}` },
    signInOptions(simulator),
  );
}

function signIn(simulator: Simulator, file: ClientCertificate) {
  return credential(simulator, file).getToken(`${simulator.url}/.default`);
}

async function registered() {
  const simulator = await simulate();
  const file = await createClientCertificate();
  simulator.registerCertificate(file.certificate);
  return { simulator, file };
}

function claims(simulator: Simulator, overrides: object = {}) {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: simulator.clientId,
    sub: simulator.clientId,
    aud: `${simulator.url}/${simulator.tenantId}/oauth2/v2.0/token`,
    nbf: now,
    exp: now + 600,
    ...overrides,
  };
}

function present(simulator: Simulator, assertion: string) {
  return requestToken(simulator, {
    client_assertion_type: CLIENT_ASSERTION_TYPE,
    client_assertion: assertion,
  });
}
