import type { TokenCredential } from "@azure/core-auth";
import type { TlsSettings } from "@azure/core-rest-pipeline";
import { ClientSecretCredential } from "@azure/identity";
import { howToSet, type AzureConfiguration, type Setting } from "./configuration";
import type { Cloud } from "./clouds";
import { AzureError } from "./errors";
import { redact } from "./redact";

/** In milliseconds. */
const SIGN_IN_TIMEOUT = 60_000;

/**
 * The credential that the configuration asks for: a client secret of a service principal.
 * Tokens are cached by the credential, so one serves a whole process.
 * @throws AzureError that names the settings which are missing.
 */
export function createCredential(
  configuration: AzureConfiguration,
  namespace: string,
  cloud: Cloud,
  tls: TlsSettings | undefined,
): TokenCredential {
  const needed = ["tenantId", "clientId", "clientSecret"] as const satisfies Setting[];
  const missing = needed.filter((setting) => configuration[setting] === "");
  if (missing.length > 0) {
    throw new AzureError(
      `could not sign in to Azure: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not configured. Next: use ${missing.map((setting) => howToSet(setting, namespace)).join(", ")}`,
      "refused",
    );
  }
  const { tenantId, clientId, clientSecret } = configuration;
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost: cloud.authorityHost,
    // A private cloud's authority is unknown to Microsoft's instance discovery.
    disableInstanceDiscovery:
      cloud.fromMetadataHost || configuration.disableInstanceDiscovery === "true",
    ...(tls === undefined ? {} : { tlsOptions: tls }),
  });
  return {
    async getToken(scopes, options) {
      try {
        return await inTime(credential.getToken(scopes, options));
      } catch (error) {
        throw new AzureError(
          `could not sign in to tenant ${tenantId} at ${cloud.authorityHost} as client ${clientId} with a client secret: ${signInMessage(error, clientSecret)}. Next: check tenantId, clientId and clientSecret in "pulumi config" (namespace ${namespace}) or the ARM_* environment variables`,
          "refused",
        );
      }
    },
  };
}

/** The client's own retries wait for as long as a server asks them to. */
async function inTime<Result>(signIn: Promise<Result>): Promise<Result> {
  const timeout = AbortSignal.timeout(SIGN_IN_TIMEOUT);
  const tooLate = new Promise<never>((_, reject) => {
    timeout.addEventListener("abort", () => {
      reject(new Error(`no answer within ${String(SIGN_IN_TIMEOUT / 1_000)} seconds`));
    });
  });
  return Promise.race([signIn, tooLate]);
}

/** Entra's own sentence out of what its client makes of it; never with the secret in it. */
function signInMessage(error: unknown, clientSecret: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = /AADSTS\d+:.*?(?=\s*(Trace ID|Correlation ID|Timestamp):|$)/s.exec(message)?.[0];
  // A server may send back the form that it was sent.
  const encoded = new URLSearchParams({ secret: clientSecret }).toString().slice("secret=".length);
  return redact(sentence ?? message, [
    clientSecret,
    encoded,
    encodeURIComponent(clientSecret),
  ]).replace(/\.$/, "");
}
