import {
  type ClientCertificate,
  createClientCertificate,
  toPfx,
} from "../support/certificateFiles";
import { setProcessEnvironment } from "../support/processEnvironment";
import { inSignInWorld, type Settings } from "../support/signInWorld";

const PASSWORD = " a password of umläuts ";

const here = inSignInWorld();
let application: ClientCertificate;
let unrelated: ClientCertificate;

beforeAll(async () => {
  application = await createClientCertificate();
  unrelated = await createClientCertificate();
  here.simulator.registerCertificate(application.certificate);
});

function github(): Settings {
  const environment = here.simulator.githubActionsEnvironment();
  return {
    oidcRequestUrl: environment["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "",
    oidcRequestToken: environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "",
  };
}

function pfx(
  name: string,
  password: string,
  certificates = [application.certificate],
  options?: Parameters<typeof toPfx>[3],
): string {
  return here.file(name, toPfx(certificates, application.privateKey, password, options));
}

/** Complete settings of each method, in azure-native's order. */
const METHODS: readonly (readonly [string, () => Settings])[] = [
  [
    "DefaultAzureCredential, from its environment,",
    () => {
      setProcessEnvironment({
        AZURE_TENANT_ID: here.simulator.tenantId,
        AZURE_CLIENT_ID: here.simulator.clientId,
        AZURE_CLIENT_SECRET: here.simulator.clientSecret,
      });
      return { useDefaultAzureCredential: "true" };
    },
  ],
  [
    "a certificate in a PFX file with a password",
    () => ({
      ...here.principal,
      clientCertificatePath: pfx("password.pfx", "a password"),
      clientCertificatePassword: "a password",
    }),
  ],
  [
    "a certificate in a PFX file of an older kind, with a password that is not ASCII,",
    () => ({
      ...here.principal,
      clientCertificatePath: pfx("older.pfx", PASSWORD, undefined, { algorithm: "3des" }),
      clientCertificatePassword: PASSWORD,
    }),
  ],
  [
    "a certificate in a PFX file of a newer kind, which has such a password in UTF-8,",
    () => {
      const inUtf8 = Buffer.from(PASSWORD).toString("latin1");
      return {
        ...here.principal,
        clientCertificatePath: pfx("newer.pfx", inUtf8, undefined, { useMac: false }),
        clientCertificatePassword: PASSWORD,
      };
    },
  ],
  [
    "a certificate in a PFX file without a password",
    () => ({ ...here.principal, clientCertificatePath: pfx("without.pfx", "") }),
  ],
  [
    "a certificate that stands behind another in a PFX file",
    () => {
      const certificates = [unrelated.certificate, application.certificate];
      return { ...here.principal, clientCertificatePath: pfx("two.pfx", "", certificates) };
    },
  ],
  [
    "a certificate in a PEM file",
    () => {
      const pem = `${application.certificate}\n${application.privateKey}`;
      return { ...here.principal, clientCertificatePath: here.file("a.pem", pem) };
    },
  ],
  ["a client secret", () => ({ ...here.principal, clientSecret: here.simulator.clientSecret })],
  [
    "an OIDC token",
    () => ({ ...here.principal, useOidc: "true", oidcToken: here.simulator.federatedToken() }),
  ],
  [
    "an OIDC token in a file",
    () => {
      const oidcTokenFilePath = here.file("token", `${here.simulator.federatedToken()}\n`);
      return { ...here.principal, useOidc: "true", oidcTokenFilePath };
    },
  ],
  ["GitHub's OIDC token", () => ({ ...here.principal, useOidc: "true", ...github() })],
];

/** These send no claims: the service that gives them their tokens takes none. */
const METHODS_WITHOUT_CLAIMS: typeof METHODS = [
  [
    "DefaultAzureCredential, by managed identity,",
    () => {
      setProcessEnvironment(here.simulator.managedIdentityEnvironment());
      return { useDefaultAzureCredential: "true" };
    },
  ],
  [
    "the machine's managed identity",
    () => {
      setProcessEnvironment(here.simulator.managedIdentityEnvironment());
      return { useMsi: "true" };
    },
  ],
  [
    "a user-assigned managed identity",
    () => {
      setProcessEnvironment(here.simulator.managedIdentityEnvironment());
      return { useMsi: "true", clientId: here.simulator.clientId };
    },
  ],
  ["the Azure CLI", () => ({})],
];

test.each([...METHODS, ...METHODS_WITHOUT_CLAIMS])("%s signs in", async (_, settings) => {
  expect(await here.rotate(settings())).toBe(1);
  expect(JSON.stringify(here.engine.state)).not.toContain(here.simulator.clientSecret);
});

describe("an OIDC token", () => {
  test("is read from its file anew when it is needed again", async () => {
    const path = here.file("token", here.simulator.federatedToken());
    const settings = { ...here.principal, useOidc: "true", oidcTokenFilePath: path };
    expect(await here.rotate(settings)).toBe(1);
    const another = here.simulator.federatedToken({ subject: "somebody else" });
    here.file("token", another);
    here.simulator.revokeSessions();
    const failure = here.rotate(settings, { version: 2 });
    await expect(failure).rejects.toThrow(/AADSTS700213: .*Next: check .*federated credentials/);
    here.file("token", here.simulator.federatedToken());
    expect(await here.rotate(settings, { version: 2 })).toBe(2);
  });

  test("that is given wins over that of a file, and that over GitHub's", async () => {
    const oidcToken = here.simulator.federatedToken();
    const gone = `${here.file("token", oidcToken)} that is gone`;
    const settings = { ...here.principal, useOidc: "true", oidcTokenFilePath: gone, ...github() };
    expect(await here.failure(settings)).toContain(
      "the file that oidcTokenFilePath names cannot be read",
    );
    expect(await here.rotate({ ...settings, oidcToken })).toBe(1);
  });

  test("is asked for with the audience that is configured", async () => {
    const settings = { ...here.principal, useOidc: "true", ...github() };
    expect(await here.failure({ ...settings, oidcAudience: "api://another" })).toMatch(
      /AADSTS700212: .*'api:\/\/another'/,
    );
  });
});

test.each(METHODS)("%s answers a claims challenge", async (_, settings) => {
  const configured = settings();
  expect(await here.rotate(configured)).toBe(1);
  here.simulator.revokeSessions();
  expect(await here.rotate(configured, { version: 2 })).toBe(2);
});

/** The first of two methods is the one, even if it does not work. */
describe.each<[string, () => Settings, () => Settings, string]>([
  [
    "DefaultAzureCredential comes before a certificate",
    () => {
      const { tenantId, clientId } = here.simulator;
      setProcessEnvironment({ AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId });
      setProcessEnvironment({ AZURE_CLIENT_SECRET: "not the secret" });
      return { useDefaultAzureCredential: "true" };
    },
    () => ({ ...here.principal, clientCertificatePath: pfx("next.pfx", "") }),
    "DefaultAzureCredential",
  ],
  [
    "a certificate comes before a secret",
    () => ({ ...here.principal, clientCertificatePath: here.file("a.pfx", "nothing of the kind") }),
    () => ({ clientSecret: here.simulator.clientSecret }),
    "a client certificate",
  ],
  [
    "a secret comes before OIDC",
    () => ({ ...here.principal, clientSecret: "wrong" }),
    () => ({ useOidc: "true", oidcToken: here.simulator.federatedToken() }),
    "a client secret",
  ],
  [
    "OIDC comes before managed identity",
    () => ({ ...here.principal, useOidc: "true", oidcToken: "wrong" }),
    () => {
      setProcessEnvironment(here.simulator.managedIdentityEnvironment());
      return { useMsi: "true" };
    },
    "an OIDC token",
  ],
  [
    "managed identity comes before the Azure CLI",
    () => {
      setProcessEnvironment(here.simulator.managedIdentityEnvironment());
      return { useMsi: "true", clientId: "wrong" };
    },
    () => ({}),
    "a managed identity",
  ],
])("%s", (_, first, second, method) => {
  test("and does not fall through", async () => {
    const settings = { ...second(), ...first() };
    expect(await here.failure(settings)).toMatch(
      new RegExp(`^could not sign in to Azure with ${method}( |:)`),
    );
    expect(here.az.calls()).toEqual([]);
  });
});
