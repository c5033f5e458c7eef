import { readConfiguration, type Setting } from "../../provider/azure/configuration";
import { signInFailure, SignInProblem } from "../../provider/azure/signIn/signInFailure";
import { chooseSignInMethod, signsInByAzureCli } from "../../provider/azure/signIn/signInMethod";

function configuration(settings: Partial<Record<Setting, string>>) {
  return readConfiguration((key) => settings[key.split(":")[1] as Setting], "azure-native", {});
}

const EVERYTHING = {
  tenantId: "tenant",
  clientId: "client",
  useDefaultAzureCredential: "true",
  clientCertificatePath: "application.pfx",
  clientSecret: "a secret",
  useOidc: "true",
  oidcToken: "a token",
  useMsi: "true",
} satisfies Partial<Record<Setting, string>>;

test("the first method that is configured is taken, in azure-native's order", () => {
  const settings: Partial<Record<Setting, string>> = { ...EVERYTHING };
  const chosen = [
    "useDefaultAzureCredential",
    "clientCertificatePath",
    "clientSecret",
    "useOidc",
    "useMsi",
  ] as const;
  const kinds = chosen.map((setting) => {
    const { kind } = chooseSignInMethod(configuration(settings), "azure-native");
    expect(signsInByAzureCli(configuration(settings))).toBe(false);
    settings[setting] = "";
    return kind;
  });
  expect(kinds).toEqual([
    "DefaultAzureCredential",
    "ClientCertificate",
    "ClientSecret",
    "Oidc",
    "ManagedIdentity",
  ]);
  expect(chooseSignInMethod(configuration(settings), "azure-native").kind).toBe("AzureCli");
  expect(signsInByAzureCli(configuration(settings))).toBe(true);
});

test.each(["false", "TRUE", "1", "yes"])("a flag that is %p is not set", (flag) => {
  const flags = { useDefaultAzureCredential: flag, useOidc: flag, useMsi: flag };
  expect(signsInByAzureCli(configuration(flags))).toBe(true);
});

test("GitHub is asked for Entra ID's usual audience if none is configured", () => {
  const { clientId, tenantId, useOidc } = EVERYTHING;
  const request = { oidcRequestUrl: "https://host", oidcRequestToken: "a token" };
  const settings = { clientId, tenantId, useOidc, ...request };
  expect(chooseSignInMethod(configuration(settings), "azure-native")).toMatchObject({
    source: { kind: "Request", audience: "api://AzureADTokenExchange" },
  });
});

test.each([
  "ManagedIdentityCredential: Network unreachable. Message: network_error: See …",
  "no answer within 60 seconds",
  "connect ECONNREFUSED 169.254.169.254:80",
])("a managed identity that nobody gives is told as not there: %s", (message) => {
  const useMsi = configuration({ useMsi: "true" });
  const method = chooseSignInMethod(useMsi, "azure-native");
  const signIn = { method, configuration: useMsi, namespace: "azure-native" };
  const failure = signInFailure(new Error(message), signIn);
  expect(failure.message).toBe(
    `could not sign in to Azure with a managed identity: this machine has no managed identity (${message}). Next: run on an Azure resource that has this managed identity, or leave useMsi out to sign in another way`,
  );
});

test.each(["app", "1", "password", "e"])(
  "a password that is %p goes from what others say, not from our own words",
  (clientCertificatePassword) => {
    const settings = { ...EVERYTHING, useDefaultAzureCredential: "", clientCertificatePassword };
    const method = chooseSignInMethod(configuration(settings), "azure-native");
    const signIn = { method, configuration: configuration(settings), namespace: "azure-native" };
    const own = new SignInProblem("the password of /app/1.pfx is wrong", "check the password");
    expect(signInFailure(own, signIn).message).toContain(
      "the password of /app/1.pfx is wrong. Next: check the password",
    );
    const foreign = new Error(`it is ${clientCertificatePassword}!`);
    expect(signInFailure(foreign, signIn).message).toMatch(
      /(it|.*) is \[secret\]!\. Next: check tenantId and/,
    );
  },
);
