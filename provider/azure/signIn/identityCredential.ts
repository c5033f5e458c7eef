import type { TokenCredential } from "@azure/core-auth";
import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from "@azure/identity";
import { watched } from "./signInDiagnostics";
import { azureCliCredential } from "./azureCliCredential";
import { readCertificate } from "./certificate";
import { auxiliaryTenants } from "../configuration";
import type { CredentialContext } from "./credential";
import { USER_AGENT_PREFIX } from "../http/client";
import type { OidcTokenSource } from "./oidcToken";

interface IdentityContext extends Omit<CredentialContext, "http"> {
  /** Gets the token of another identity provider, anew each time. */
  readonly oidcToken: (source: OidcTokenSource) => Promise<string>;
}

/**
 * Microsoft's own credential for a method, with what azure-native gives to the same one.
 * @throws SignInProblem when a certificate or the Azure CLI's account cannot be had.
 */
export async function identityCredential({
  signIn: { method, configuration, namespace },
  cloud,
  cli,
  firstDelay,
  tls,
  oidcToken,
}: IdentityContext): Promise<TokenCredential> {
  const options = {
    authorityHost: cloud.authorityHost,
    additionallyAllowedTenants: auxiliaryTenants(configuration, namespace),
    disableInstanceDiscovery:
      cloud.skipsInstanceDiscovery || configuration.disableInstanceDiscovery === "true",
    // A redirect would carry the secret to where nobody has configured it.
    redirectOptions: { maxRetries: 0 },
    retryOptions: { retryDelayInMs: firstDelay },
    userAgentOptions: { userAgentPrefix: USER_AGENT_PREFIX },
    httpClient: watched(createDefaultHttpClient()),
    // Of the CLIs among DefaultAzureCredential's ways.
    processTimeoutInMs: cli.timeout,
    ...(tls === undefined ? {} : { tlsOptions: tls }),
  };
  switch (method.kind) {
    case "DefaultAzureCredential":
      return new DefaultAzureCredential(options);
    case "ClientCertificate": {
      const certificate = await readCertificate(method.path, method.password);
      return new ClientCertificateCredential(
        method.tenantId,
        method.clientId,
        { certificate },
        options,
      );
    }
    case "ClientSecret":
      return new ClientSecretCredential(method.tenantId, method.clientId, method.secret, options);
    case "Oidc":
      return new ClientAssertionCredential(
        method.tenantId,
        method.clientId,
        () => oidcToken(method.source),
        options,
      );
    case "ManagedIdentity":
      return method.clientId === ""
        ? new ManagedIdentityCredential(options)
        : new ManagedIdentityCredential({ ...options, clientId: method.clientId });
    case "AzureCli":
      return azureCliCredential(cli, configuration.subscriptionId);
  }
}
