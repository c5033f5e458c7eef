import { type AzureConfiguration, howToSet, type Setting } from "../configuration";
import { NotSentError } from "../errors";

/** A service principal: who signs in, and where. */
interface Application {
  readonly tenantId: string;
  readonly clientId: string;
}

/** Where the token of another identity provider comes from that Entra ID trusts. */
export type OidcTokenSource =
  | { readonly kind: "Token"; readonly token: string }
  | { readonly kind: "File"; readonly path: string }
  | {
      readonly kind: "Request";
      readonly url: string;
      readonly requestToken: string;
      readonly audience: string;
    };

/** A way to sign in, with what it takes. */
export type SignInMethod =
  | { readonly kind: "DefaultAzureCredential" }
  | (Application & {
      readonly kind: "ClientCertificate";
      readonly path: string;
      readonly password: string;
    })
  | (Application & { readonly kind: "ClientSecret"; readonly secret: string })
  | (Application & { readonly kind: "Oidc"; readonly source: OidcTokenSource })
  /** `clientId` is that of a user-assigned identity; "" is the machine's own. */
  | { readonly kind: "ManagedIdentity"; readonly clientId: string }
  | { readonly kind: "AzureCli" };

export const METHOD_NAMES: Readonly<Record<SignInMethod["kind"], string>> = {
  DefaultAzureCredential: "DefaultAzureCredential",
  ClientCertificate: "a client certificate",
  ClientSecret: "a client secret",
  Oidc: "an OIDC token",
  ManagedIdentity: "a managed identity",
  AzureCli: "the Azure CLI",
};

/** The first method that is configured, in azure-native's order; the Azure CLI needs nothing. */
function configuredKind(configuration: AzureConfiguration): SignInMethod["kind"] {
  if (configuration.useDefaultAzureCredential === "true") return "DefaultAzureCredential";
  if (configuration.clientCertificatePath !== "") return "ClientCertificate";
  if (configuration.clientSecret !== "") return "ClientSecret";
  if (configuration.useOidc === "true") return "Oidc";
  if (configuration.useMsi === "true") return "ManagedIdentity";
  return "AzureCli";
}

export function signsInByAzureCli(configuration: AzureConfiguration): boolean {
  return configuredKind(configuration) === "AzureCli";
}

/**
 * The method to sign in with. The first that is configured is the one: what it lacks is an error,
 * never a reason to take the next.
 *
 * https://www.pulumi.com/registry/packages/azure-native/installation-configuration/
 * @throws NotSentError that names every setting which is missing.
 */
export function chooseSignInMethod(
  configuration: AzureConfiguration,
  namespace: string,
): SignInMethod {
  const kind = configuredKind(configuration);
  const { tenantId, clientId } = configuration;
  switch (kind) {
    case "DefaultAzureCredential":
    case "AzureCli":
      return { kind };
    case "ManagedIdentity":
      return { kind, clientId };
    case "ClientCertificate": {
      requireSettings(kind, configuration, namespace, ["tenantId", "clientId"]);
      const { clientCertificatePath: path, clientCertificatePassword: password } = configuration;
      return { kind, tenantId, clientId, path, password };
    }
    case "ClientSecret":
      requireSettings(kind, configuration, namespace, ["tenantId", "clientId"]);
      return { kind, tenantId, clientId, secret: configuration.clientSecret };
    case "Oidc":
      requireSettings(kind, configuration, namespace, [
        "tenantId",
        "clientId",
        ...oidcSettings(configuration),
      ]);
      return { kind, tenantId, clientId, source: oidcSource(configuration) };
  }
}

/** The settings that the way to an OIDC token takes which is configured, or only begun. */
function oidcSettings({
  oidcToken,
  oidcTokenFilePath,
  oidcRequestUrl,
  oidcRequestToken,
}: AzureConfiguration): Setting[] {
  if (oidcToken !== "") return ["oidcToken"];
  if (oidcTokenFilePath !== "") return ["oidcTokenFilePath"];
  if (oidcRequestUrl + oidcRequestToken !== "") return ["oidcRequestUrl", "oidcRequestToken"];
  return ["oidcToken", "oidcTokenFilePath", "oidcRequestUrl", "oidcRequestToken"];
}

function oidcSource(configuration: AzureConfiguration): OidcTokenSource {
  const { oidcToken, oidcTokenFilePath, oidcRequestUrl, oidcRequestToken, oidcAudience } =
    configuration;
  if (oidcToken !== "") return { kind: "Token", token: oidcToken };
  if (oidcTokenFilePath !== "") return { kind: "File", path: oidcTokenFilePath };
  return {
    kind: "Request",
    url: oidcRequestUrl,
    requestToken: oidcRequestToken,
    audience: oidcAudience === "" ? "api://AzureADTokenExchange" : oidcAudience,
  };
}

function requireSettings(
  kind: SignInMethod["kind"],
  configuration: AzureConfiguration,
  namespace: string,
  needed: readonly Setting[],
): void {
  const missing = needed.filter((setting) => configuration[setting] === "");
  if (missing.length === 0) return;
  const isPlural = missing.length > 1;
  const howToSetAll = missing.map((setting) => howToSet(setting, namespace)).join(", ");
  // Then all ways to a token are missing.
  const hint = missing.includes("oidcTokenFilePath") ? ONE_TOKEN_IS_ENOUGH : "";
  throw new NotSentError(
    `could not sign in to Azure with ${METHOD_NAMES[kind]}: ${missing.join(", ")} ${isPlural ? "are" : "is"} not configured`,
    `use ${howToSetAll}${hint}`,
  );
}

const ONE_TOKEN_IS_ENOUGH =
  "; one way to a token is enough. GitHub Actions sets ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN in jobs with the permission id-token: write";

/**
 * What is configured of a method that then was not taken because something is missing: where the
 * Azure CLI was not meant to sign in, this is the reason that it tried. "" if there is nothing.
 */
export function halfConfigured(configuration: AzureConfiguration, namespace: string): string {
  const { tenantId, clientId, clientCertificatePassword, oidcToken, oidcTokenFilePath } =
    configuration;
  const set = (setting: Setting, value?: string) => howToSet(setting, namespace, value);
  const hints: string[] = [];
  if (clientCertificatePassword !== "") {
    hints.push(
      `clientCertificatePassword is configured without clientCertificatePath: use ${set("clientCertificatePath")}`,
    );
  }
  if (oidcToken + oidcTokenFilePath !== "") {
    const name = oidcToken === "" ? "oidcTokenFilePath" : "oidcToken";
    hints.push(`${name} is configured without useOidc: use ${set("useOidc", "true")}`);
  }
  if (hints.length === 0 && tenantId !== "" && clientId !== "") {
    const ways = [set("clientSecret"), set("clientCertificatePath"), set("useOidc", "true")];
    hints.push(
      `tenantId and clientId are configured without clientSecret, clientCertificatePath or useOidc: use ${ways.join(", ")}`,
    );
  }
  return hints.join("; ");
}
