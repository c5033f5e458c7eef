import { withTenant } from "./azureCliFailure";
import { SECRET_SETTINGS, type AzureConfiguration } from "../configuration";
import { NotSentError } from "../errors";
import { redact } from "../redact";
import { missingFile } from "./missingFile";
import { serviceSentence } from "./serviceSentence";
import { halfConfigured, METHOD_NAMES, type SignInMethod } from "./signInMethod";
import { NoAnswer, SignInProblem } from "./signInProblem";

/** Who signs in, how, and where that was configured. */
export interface SignIn {
  readonly method: SignInMethod;
  readonly configuration: AzureConfiguration;
  readonly namespace: string;
}

/**
 * The one place where the failures of all methods become errors for a user.
 * @param authorityHost where Microsoft Entra ID was to sign in, if it came so far.
 * @param secrets in use that are not in the configuration.
 */
export function signInFailure(
  error: unknown,
  { method, configuration, namespace }: SignIn,
  authorityHost?: string,
  secrets: Iterable<string> = [],
): NotSentError {
  if (error instanceof NotSentError) return error;
  const inUse = [...SECRET_SETTINGS.map((setting) => configuration[setting]), ...secrets];
  // In what others say alone: a password may be a word of ours, which its absence would give away.
  const problem =
    error instanceof SignInProblem ? error : explain(method, error, (text) => redact(text, inUse));
  const at = authorityHost === undefined ? "" : ` at ${authorityHost}`;
  const to = "tenantId" in method ? ` to tenant ${method.tenantId}${at}` : "";
  const as = "clientId" in method && method.clientId !== "" ? ` as client ${method.clientId}` : "";
  const half = method.kind === "AzureCli" ? halfConfigured(configuration, namespace) : "";
  const reason = problem.message.replace(/\s*\.$/, "");
  const next =
    (method.kind === "AzureCli" ? withTenant(problem.next, configuration.tenantId) : problem.next) +
    (half === "" ? "" : `. Only half configured: ${half}`);
  return new NotSentError(
    `could not sign in to Azure with ${METHOD_NAMES[method.kind]}${to}${as}: ${reason}. Next: ${next}`,
  );
}

/**
 * What a failure of Microsoft's client means, by the method that it speaks of.
 * @param clean takes out of its words what no message may hold.
 */
function explain(
  { kind }: SignInMethod,
  error: unknown,
  clean: (text: string) => string,
): SignInProblem {
  const message = error instanceof Error ? error.message : String(error);
  const said = clean(serviceSentence(message));
  if (error instanceof NoAnswer) {
    return new SignInProblem(`${error.service} did not answer (${said})`, error.next);
  }
  const isNobodyThere = kind === "ManagedIdentity" && NOBODY_THERE.test(message);
  return (
    missingFile(kind, message) ??
    new SignInProblem(
      isNobodyThere ? `this machine has no managed identity (${said})` : said,
      WHAT_TO_CHECK[kind],
    )
  );
}

const WHAT_TO_CHECK = {
  DefaultAzureCredential:
    "set up one of the credentials that it tries, or leave useDefaultAzureCredential out to sign in another way",
  ClientCertificate:
    "check tenantId and clientId, and that the certificate is registered with that application and has not expired",
  ClientSecret:
    "check tenantId, clientId and clientSecret (the secret's value, not its id), and that the secret has not expired",
  Oidc: "check tenantId and clientId, and that one of that application's federated credentials has the issuer, subject and audience of the token",
  ManagedIdentity:
    "run on an Azure resource that has this managed identity, or leave useMsi out to sign in another way",
  AzureCli: 'run "az account show" by hand to see what it waits for',
} satisfies Record<SignInMethod["kind"], string>;

/** How it sounds where nothing answers at the address of Azure's managed identities. */
const NOBODY_THERE = /unreachable|network_error|no answer|E(CONN|HOST|NET)[A-Z]+/;
