import type { TokenCredential } from "@azure/core-auth";
import { createDefaultHttpClient, type TlsSettings } from "@azure/core-rest-pipeline";
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from "@azure/identity";
import type { Cloud } from "../clouds";
import { auxiliaryTenants } from "../configuration";
import { type Http, USER_AGENT_PREFIX } from "../http/client";
import { type AzureCli, azureCliCredential } from "./azureCli";
import { readCertificate } from "./certificate";
import { getOidcToken } from "./oidcToken";
import { SignInDiagnostics } from "./signInDiagnostics";
import { type SignIn, signInFailure } from "./signInFailure";
import type { OidcTokenSource } from "./signInMethod";

/** Milliseconds after which signing in is given up: the client waits for as long as it is asked. */
export const SIGN_IN_TIMEOUT = 60_000;

/** What a credential is made of. */
interface CredentialContext {
  readonly signIn: SignIn;
  readonly cloud: Cloud;
  /** What signs in where nothing else is configured. */
  readonly cli: AzureCli;
  /** For OIDC tokens. */
  readonly http: Http;
  /** Milliseconds before a request to sign in is sent again; they double from there. */
  readonly firstDelay: number;
  readonly tls: TlsSettings | undefined;
}

/**
 * The credential for the method that was chosen. It caches its tokens, so one serves a whole
 * process.
 * @throws NotSentError, as does its getToken: how it was to sign in, what failed, what to check.
 */
export async function createCredential(context: CredentialContext): Promise<TokenCredential> {
  const { signIn, http } = context;
  const { authorityHost } = context.cloud;
  const diagnostics = new SignInDiagnostics(authorityHost);
  let secrets = signIn.method.kind === "DefaultAzureCredential" ? secretsOfEnvironment() : [];
  const oidcToken = (source: OidcTokenSource) =>
    diagnostics.token(async () => {
      const token = await getOidcToken(source, http);
      secrets = [token];
      return token;
    });
  const credential = await identityCredential(context, diagnostics, oidcToken).catch(
    (error: unknown) => {
      throw signInFailure(error, signIn, authorityHost);
    },
  );
  return {
    async getToken(scopes, options) {
      try {
        return await diagnostics.run(() => inTime(credential.getToken(scopes, options)));
      } catch (error) {
        throw signInFailure(error, signIn, authorityHost, secrets);
      }
    },
  };
}

/**
 * Microsoft's own credential for a method, with what azure-native gives to the same one.
 * @param oidcToken gets the token of another identity provider, anew each time.
 * @throws SignInProblem when a certificate or the Azure CLI's account cannot be had.
 */
async function identityCredential(
  { signIn: { method, configuration, namespace }, cloud, cli, firstDelay, tls }: CredentialContext,
  diagnostics: SignInDiagnostics,
  oidcToken: (source: OidcTokenSource) => Promise<string>,
): Promise<TokenCredential> {
  const options = {
    authorityHost: cloud.authorityHost,
    additionallyAllowedTenants: auxiliaryTenants(configuration, namespace),
    disableInstanceDiscovery:
      cloud.skipsInstanceDiscovery || configuration.disableInstanceDiscovery === "true",
    // A redirect would carry the secret to where nobody has configured it.
    redirectOptions: { maxRetries: 0 },
    retryOptions: { retryDelayInMs: firstDelay },
    userAgentOptions: { userAgentPrefix: USER_AGENT_PREFIX },
    httpClient: diagnostics.watch(createDefaultHttpClient()),
    // For the command-line tools that DefaultAzureCredential tries.
    processTimeoutInMs: cli.timeout,
    ...(tls === undefined ? {} : { tlsOptions: tls }),
  };
  switch (method.kind) {
    case "DefaultAzureCredential":
      return new DefaultAzureCredential(options);
    case "ClientCertificate": {
      const { tenantId, clientId } = method;
      const certificate = await readCertificate(method.path, method.password);
      return new ClientCertificateCredential(tenantId, clientId, { certificate }, options);
    }
    case "ClientSecret":
      return new ClientSecretCredential(method.tenantId, method.clientId, method.secret, options);
    case "Oidc": {
      const { tenantId, clientId, source } = method;
      return new ClientAssertionCredential(tenantId, clientId, () => oidcToken(source), options);
    }
    case "ManagedIdentity":
      return method.clientId === ""
        ? new ManagedIdentityCredential(options)
        : new ManagedIdentityCredential({ ...options, clientId: method.clientId });
    case "AzureCli":
      return azureCliCredential(cli, configuration.subscriptionId);
  }
}

/** The secrets that DefaultAzureCredential takes from its own environment variables. */
function secretsOfEnvironment(): string[] {
  return ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"].map(
    (name) => process.env[name] ?? "",
  );
}

async function inTime<Result>(signIn: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${String(SIGN_IN_TIMEOUT / 1_000)} seconds`));
    }, SIGN_IN_TIMEOUT);
  });
  return Promise.race([signIn, tooLate]).finally(() => {
    clearTimeout(timer);
  });
}
