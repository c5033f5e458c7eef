import type { TokenCredential } from "@azure/core-auth";
import type { TlsSettings } from "@azure/core-rest-pipeline";
import { Attempts } from "./signInDiagnostics";
import type { AzureCli } from "./azureCli";
import type { Cloud } from "../cloud/clouds";
import type { Http } from "../http/client";
import { identityCredential } from "./identityCredential";
import { getOidcToken } from "./oidcToken";
import { signInFailure, type SignIn } from "./signInFailure";

/** Milliseconds after which signing in is given up: the client waits for as long as it is asked. */
export const SIGN_IN_TIMEOUT = 60_000;

/** What a credential is made of. */
export interface CredentialContext {
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
  const { kind } = signIn.method;
  const attempts = new Attempts(authorityHost);
  let secrets: readonly string[] = kind === "DefaultAzureCredential" ? ofEnvironment() : [];
  try {
    const credential = await identityCredential({
      ...context,
      oidcToken: (source) =>
        attempts.token(async () => {
          const token = await getOidcToken(source, http);
          secrets = [token];
          return token;
        }),
    });
    return {
      async getToken(scopes, options) {
        try {
          return await attempts.run(() => inTime(credential.getToken(scopes, options)));
        } catch (error) {
          throw signInFailure(error, signIn, authorityHost, secrets);
        }
      },
    };
  } catch (error) {
    throw signInFailure(error, signIn, authorityHost);
  }
}

/** The secrets that DefaultAzureCredential takes from its own environment variables. */
function ofEnvironment(): string[] {
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
