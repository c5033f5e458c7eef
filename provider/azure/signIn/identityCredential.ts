import type { TokenCredential } from "@azure/core-auth";
import type { TlsSettings } from "@azure/core-rest-pipeline";
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from "@azure/identity";
import { CLI_TIMEOUT, type AzureCli } from "./azureCli";
import { readCertificate } from "./certificate";
import type { Cloud } from "../clouds";
import { auxiliaryTenants } from "../configuration";
import type { OidcTokenSource } from "./oidcToken";
import type { SignIn } from "./signInFailure";

/**
 * Microsoft's own credential for a method, with what azure-native gives to the same one.
 * @param oidcToken gets the token of another identity provider, anew each time.
 * @throws SignInProblem when a certificate or the Azure CLI's account cannot be had.
 */
export async function identityCredential(
  { method, configuration, namespace }: SignIn,
  cloud: Cloud,
  tls: TlsSettings | undefined,
  cli: AzureCli,
  oidcToken: (source: OidcTokenSource) => Promise<string>,
): Promise<TokenCredential> {
  const additionallyAllowedTenants = auxiliaryTenants(configuration, namespace);
  const options = {
    authorityHost: cloud.authorityHost,
    additionallyAllowedTenants,
    // A private cloud's authority is unknown to Microsoft's instance discovery.
    disableInstanceDiscovery:
      cloud.fromMetadataHost || configuration.disableInstanceDiscovery === "true",
    // A redirect would carry the secret to where nobody has configured it.
    redirectOptions: { maxRetries: 0 },
    processTimeoutInMs: CLI_TIMEOUT,
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
    case "AzureCli": {
      // Named only where the CLI would take another, as azure-native does.
      const { subscriptionId: subscription } = configuration;
      const { isDefault } = await cli.account(subscription);
      return new AzureCliCredential(
        isDefault || subscription === "" ? options : { ...options, subscription },
      );
    }
  }
}
