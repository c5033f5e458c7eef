import type { EventEmitter } from "node:events";
import type { ClientRequest } from "node:http";
import { type PipelineRequest, type PipelineResponse, RestError } from "@azure/core-rest-pipeline";
import { NotSentError } from "../errors";
import { property } from "../json";
import { redact } from "../redact";

/** Where the HTTP client looks for a proxy, in its order; each in lower case, too. */
const PROXY_VARIABLES = ["HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** The variable that names the proxy in use; undefined if none does. */
function proxyVariable(environment: NodeJS.ProcessEnv): string | undefined {
  return PROXY_VARIABLES.find((name) => environment[name]);
}

/**
 * @throws NotSentError when the proxy that the environment names is not a URL: the client would say
 *   "Invalid URL", and not of what. It may hold a password, so it is not quoted.
 */
export function requireProxyUrl(environment: NodeJS.ProcessEnv): void {
  const variable = proxyVariable(environment);
  if (variable === undefined || URL.canParse(environment[variable] ?? "")) return;
  throw new NotSentError(
    `could not connect to Azure: ${variable} is not a URL`,
    "set it to the proxy's address, such as http://proxy.example:8080, or remove it",
  );
}

/** What a proxy answered to CONNECT. */
export interface ProxyAnswer {
  readonly statusCode: number;
  readonly statusText: string;
}

/**
 * The event by which https-proxy-agent reports that answer, on the request and on the agent. It
 * then plays a refusal back as if it were the answer of the server that was to be connected to.
 */
export const PROXY_ANSWERED = "proxyConnect";

/** The code of the error for a connection that a proxy refused for good: nothing was sent. */
export const PROXY_REFUSED = "ERR_PROXY_REFUSED";

/** The failure of a request to which a proxy answered so; undefined if it has connected. */
export function proxyRefusal(
  { statusCode, statusText }: ProxyAnswer,
  request: PipelineRequest,
): RestError | undefined {
  if (statusCode === 200) return undefined;
  const { host } = new URL(request.url);
  const proxy = String(property(property(request.agent, "proxy"), "host"));
  const said = redact(`${String(statusCode)} ${statusText}`);
  const mayPass = statusCode >= 500 || statusCode === 429 || statusCode === 408;
  const refusal = new RestError(`the proxy ${proxy} refused to connect to ${host} (${said})`, {
    // Every client tries again after a refused connection.
    code: mayPass ? "ECONNREFUSED" : PROXY_REFUSED,
    statusCode,
    request,
  });
  refusal.details =
    statusCode === 407
      ? `put the proxy's user and password into ${proxyVariable(process.env) ?? "HTTPS_PROXY"} (http://<user>:<password>@<host>:<port>)`
      : `let the proxy connect to ${host}, or name that host in NO_PROXY if this machine reaches it without the proxy`;
  return refusal;
}

/** What a user does about a proxy's refusal; undefined if the error is none. */
export function adviceOnProxy(error: unknown): string | undefined {
  const details = property(error, "details");
  return typeof details === "string" ? details : undefined;
}

/**
 * Sends a request by a client that takes a proxy's refusal for the server's answer.
 * @throws RestError for a refusal.
 */
export async function throughProxy(
  request: PipelineRequest,
  send: () => Promise<PipelineResponse>,
): Promise<PipelineResponse> {
  const agent = request.agent as unknown as EventEmitter | undefined;
  if (agent === undefined) return send();
  let refusal: RestError | undefined;
  const listen = (answer: ProxyAnswer, outgoing: ClientRequest) => {
    // Other requests use this agent, too.
    if (outgoing.getHeader("x-ms-client-request-id") === request.requestId) {
      refusal = proxyRefusal(answer, request);
    }
  };
  agent.on(PROXY_ANSWERED, listen);
  try {
    const response = await send();
    if (refusal === undefined) return response;
  } catch (error) {
    if (refusal === undefined) throw error;
  } finally {
    agent.off(PROXY_ANSWERED, listen);
  }
  throw refusal;
}
