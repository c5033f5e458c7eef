import { type AzureConfiguration, SECRET_SETTINGS } from "../configuration";
import { NotSentError } from "../errors";
import { redact } from "../redact";
import { halfConfigured, METHOD_NAMES, type SignInMethod } from "./signInMethod";

/** Why signing in failed, where more is known about it than what the method as a whole tells. */
export class SignInProblem extends Error {
  /**
   * @param message in our own words; what it quotes has gone through `redact`.
   * @param next what the user does about it.
   * @param quoted what the network or a service said, as it is: `signInFailure` redacts it.
   */
  constructor(
    message: string,
    readonly next: string,
    readonly quoted = "",
  ) {
    super(message);
  }
}

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
  const problem = error instanceof SignInProblem ? error : explain(method.kind, error);
  const inUse = [...SECRET_SETTINGS.map((setting) => configuration[setting]), ...secrets];
  // Only in what others say: a password may be a word of ours, and a gap there would tell it.
  const quote = redact(serviceSentence(problem.quoted), inUse);
  const inOwnWords = quote === "" ? problem.message : `${problem.message} (${quote})`;
  const reason = (problem.message === "" ? quote : inOwnWords).replace(/\s*\.$/, "");
  const at = authorityHost === undefined ? "" : ` at ${authorityHost}`;
  const to = "tenantId" in method ? ` to tenant ${method.tenantId}${at}` : "";
  const as = "clientId" in method && method.clientId !== "" ? ` as client ${method.clientId}` : "";
  const isAzureCli = method.kind === "AzureCli";
  const next = isAzureCli ? withTenant(problem.next, configuration.tenantId) : problem.next;
  const half = isAzureCli ? halfConfigured(configuration, namespace) : "";
  const hint = half === "" ? "" : `. Only half configured: ${half}`;
  const name = METHOD_NAMES[method.kind];
  return new NotSentError(
    `could not sign in to Azure with ${name}${to}${as}: ${reason}`,
    `${next}${hint}`,
  );
}

/** Where the Azure CLI's advice is to sign in, it is to the tenant that is configured, if one is. */
function withTenant(next: string, tenantId: string): string {
  return /^[\w.-]+$/.test(tenantId)
    ? next.replace(/"az login( --tenant <tenant id>)?"/, `"az login --tenant ${tenantId}"`)
    : next;
}

/** The service's own sentence in a client's message, without the ids and times that always differ. */
export function serviceSentence(message: string): string {
  const [sentence = message] =
    /AADSTS\d+:.*/s.exec(message) ?? /(?<=- Description: ).*/s.exec(message) ?? [];
  return sentence.replace(/[-\s]*(Trace ID|Correlation ID|Timestamp):.*/s, "").trim();
}

/** What a failure of Microsoft's client means, by the method that it speaks of. */
function explain(kind: SignInMethod["kind"], error: unknown): SignInProblem {
  const message = error instanceof Error ? error.message : String(error);
  const mayUseFile = kind === "ManagedIdentity" || kind === "DefaultAzureCredential";
  const missing = mayUseFile ? missingFile(message) : undefined;
  if (missing !== undefined) return missing;
  const isNobodyThere = kind === "ManagedIdentity" && NOBODY_THERE.test(message);
  const own = isNobodyThere ? "this machine has no managed identity" : "";
  return new SignInProblem(own, WHAT_TO_CHECK[kind], message);
}

/** What Microsoft's client says where nothing answers at the address of managed identities. */
const NOBODY_THERE = /unreachable|network_error|no answer|E(CONN|HOST|NET)[A-Z]+/;

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

/**
 * The file through which a managed identity gets its token, where it is missing or cannot be read:
 * Microsoft's client says neither what writes that file nor who may read it.
 */
function missingFile(message: string): SignInProblem | undefined {
  if (process.env["AZURE_FEDERATED_TOKEN_FILE"] && TOKEN_FILE.test(message)) {
    const [code = "it is empty"] = /\bE[A-Z]{4,}\b/.exec(message) ?? [];
    return new SignInProblem(
      `the token file that AZURE_FEDERATED_TOKEN_FILE names cannot be read (${code})`,
      'check that the pod has the label azure.workload.identity/use: "true" and a service account with the annotation azure.workload.identity/client-id, and that this process may read the file',
    );
  }
  return KEY_FILE.test(message)
    ? new SignInProblem(
        "Azure Arc's key file, which allows a process to get a token, cannot be read",
        'check that the Azure Connected Machine agent runs ("azcmagent show"), and that this process\'s user may read its tokens: on Linux it must be in the group himds, on Windows in the group Hybrid agent extension applications',
      )
    : undefined;
}

const TOKEN_FILE = /\b(ENOENT|EACCES|EPERM|EISDIR)\b|No content on the file/;
/** MSAL's codes and words for Arc's key file: absent, unreadable, not where the agent keeps it. */
const KEY_FILE =
  /unable_to_read_secret_file|invalid_file_(path|extension)|invalid_secret|secret file/i;
