import type { TokenCredential } from "@azure/core-auth";
import type { TlsSettings } from "@azure/core-rest-pipeline";
import type { AzureCli } from "./azureCli";
import type { Cloud } from "../clouds";
import { adviceOn, describeFailure } from "../http/failures";
import type { Http } from "../http/http";
import { identityCredential } from "./identityCredential";
import { getOidcToken, type OidcTokenSource } from "./oidcToken";
import { signInFailure, type SignIn } from "./signInFailure";
import { SignInProblem } from "./signInProblem";

/** Milliseconds after which signing in is given up: the client waits for as long as it is asked. */
export const SIGN_IN_TIMEOUT = 60_000;

/**
 * The credential for the method that was chosen. It caches its tokens, so one serves a whole
 * process.
 * @param http for OIDC tokens, and to find out why there is no answer.
 * @throws AzureError, as does its getToken: how it was to sign in, what failed, what to check.
 */
export async function createCredential(
  signIn: SignIn,
  cloud: Cloud,
  tls: TlsSettings | undefined,
  http: Http,
  cli: AzureCli,
): Promise<TokenCredential> {
  const { method } = signIn;
  /** Why there is no OIDC token: Microsoft's client would pass on the message alone. */
  let noToken: unknown;
  let secrets: readonly string[] = method.kind === "DefaultAzureCredential" ? ofEnvironment() : [];

  async function oidcToken(source: OidcTokenSource): Promise<string> {
    try {
      const token = await getOidcToken(source, http);
      secrets = [token];
      return token;
    } catch (error) {
      noToken = error;
      throw error;
    }
  }

  try {
    const credential = await identityCredential(signIn, cloud, tls, cli, oidcToken);
    return {
      async getToken(scopes, options) {
        noToken = undefined;
        try {
          return await inTime(credential.getToken(scopes, options));
        } catch (error) {
          const reason = noToken ?? (await findReason(error, signIn, cloud, http));
          throw signInFailure(reason, signIn, cloud.authorityHost, secrets);
        }
      },
    };
  } catch (error) {
    throw signInFailure(error, signIn, cloud.authorityHost);
  }
}

/** The secrets that DefaultAzureCredential takes from its own environment variables. */
function ofEnvironment(): string[] {
  return ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "AZURE_PASSWORD"].map(
    (name) => process.env[name] ?? "",
  );
}

async function inTime<Result>(signIn: Promise<Result>): Promise<Result> {
  const timeout = AbortSignal.timeout(SIGN_IN_TIMEOUT);
  const tooLate = new Promise<never>((_, reject) => {
    timeout.addEventListener("abort", () => {
      reject(new Error(`no answer within ${String(SIGN_IN_TIMEOUT / 1_000)} seconds`));
    });
  });
  return Promise.race([signIn, tooLate]);
}

/**
 * Before it signs in, Microsoft's client asks for the tenant's endpoints. Whatever goes wrong there
 * has one name, endpoints_resolution_error: so the question is asked once more.
 */
async function findReason(
  error: unknown,
  { method }: SignIn,
  { authorityHost }: Cloud,
  http: Http,
): Promise<unknown> {
  const isUnresolved =
    error instanceof Error && error.message.includes("endpoints_resolution_error");
  if (!isUnresolved || !("tenantId" in method)) return error;
  const tenant = encodeURIComponent(method.tenantId);
  try {
    const { status } = await http.send({
      what: `find tenant ${method.tenantId}`,
      method: "GET",
      url: `${authorityHost}/${tenant}/v2.0/.well-known/openid-configuration`,
      repeatable: true,
    });
    return status === 400 || status === 404
      ? new SignInProblem(
          "the tenant is not known there",
          "check tenantId, and that environment or metadataHost names the tenant's cloud",
        )
      : new SignInProblem(
          `asked for the tenant, it answered ${String(status)}`,
          `check that ${authorityHost} is Microsoft Entra ID`,
        );
  } catch (failure) {
    return new SignInProblem(describeFailure(failure), adviceOn(failure, authorityHost));
  }
}
