import { isRestError, type PipelineResponse } from "@azure/core-rest-pipeline";
import { redact } from "../redact";
import { InterruptedCall } from "./inFlight";
import { adviceOnProxy, PROXY_REFUSED } from "./proxy";

/** Why no answer came, in words for a user. */
export function describeFailure(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error));
}

/** The code of the error for a request that its limits did not admit: it was not sent. */
export const NOT_ADMITTED = "ERR_NOT_ADMITTED";

/** Failures that come before a request has left this machine. */
const NEVER_SENT = new Set([
  NOT_ADMITTED,
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  PROXY_REFUSED,
]);

/** Whether a request that got no answer certainly did not reach the service. */
export function wasNeverSent(error: unknown): boolean {
  return error instanceof InterruptedCall || meansNeverSent(codeOf(error));
}

/** Whether a failure to connect, of this code, comes before anything was sent. */
export function meansNeverSent(code: string): boolean {
  // A certificate that is not trusted ends the handshake; an alert (ERR_SSL_…) may come later.
  return NEVER_SENT.has(code) || /^(?!ERR_SSL).*(CERT|UNABLE_TO_VERIFY)/.test(code);
}

/** What a user does about a request that got no answer. */
export function adviceOn(error: unknown, endpoint: string): string {
  const aboutProxy = adviceOnProxy(error);
  if (aboutProxy !== undefined) return aboutProxy;
  if (codeOf(error) === NOT_ADMITTED) return "wait a few minutes";
  if (error instanceof InterruptedCall) return "allow it more time";
  return wasNeverSent(error) && /certificate/i.test(describeFailure(error))
    ? `set NODE_EXTRA_CA_CERTS to the file of the certificate authority of ${endpoint}`
    : `check the connection to ${endpoint}`;
}

/** Socket and name-lookup failures that come and go; a refused certificate, say, does not. */
const PASSING = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "REQUEST_SEND_ERROR",
]);

/** Whether a request that got no answer may get one if it is sent again. */
export function mayPass(error: unknown): boolean {
  return PASSING.has(codeOf(error));
}

/** The code of a failure, for a message as well; "" where it has none. */
export function codeOf(error: unknown): string {
  return isRestError(error) ? (error.code ?? "") : "";
}

/** What a proxy, a gateway or a firewall has answered in a service's place, in words for a user. */
export interface ForeignAnswer {
  readonly problem: string;
  readonly next: string;
}

/**
 * Tells of an answer that does not have a service's form.
 * @param service in whose place it was given: "Azure Resource Manager".
 */
export function foreignAnswer(
  { status, headers }: Pick<PipelineResponse, "status" | "headers">,
  service: string,
): ForeignAnswer {
  const header = (name: string) => redact(headers.get(name) ?? "").slice(0, 100);
  const type = header("Content-Type") || "no content type";
  const server = header("Server");
  const what = `${String(status)}, ${type}${server === "" ? "" : `, server ${server}`}`;
  return {
    problem: `something between this machine and ${service} has answered in its place (${what})`,
    next: `check the proxy, gateway or firewall on the way${whatElse(status)}`,
  };
}

function whatElse(status: number): string {
  if (status >= 500) return ', and run "pulumi up" again in a few minutes';
  return status >= 300 && status < 400 ? ": it redirects, and redirects are not followed" : "";
}
