import { Agent, request as startRequest } from "node:https";
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
  type TlsSettings,
} from "@azure/core-rest-pipeline";
import { meansNeverSent } from "./failures";
import { PROXY_ANSWERED, type ProxyAnswer, proxyRefusal } from "./proxy";

export interface TransportOptions {
  /** Milliseconds after which one attempt without a whole answer is given up. @default 60000 */
  readonly attemptTimeout?: number;
  /** Bytes of the largest answer that is read. @default 33554432 (32 MiB) */
  readonly largestAnswer?: number;
  /**
   * Certificate authorities in place of Node's own; not those of a proxy. Users set
   * NODE_EXTRA_CA_CERTS instead.
   */
  readonly tls?: TlsSettings;
}

/** The code of the error for an answer that is larger than any that is expected. */
const TOO_LARGE = "ERR_ANSWER_TOO_LARGE";

/**
 * Sends requests over TLS connections that are kept alive, and reads the answers, both within
 * bounds: a server that sends without end must not fill the memory, and one that stops in the middle
 * must not hold up an update.
 *
 * The SDK's own client has neither bound: its time-out ends with the headers.
 */
export function createTransport(options: TransportOptions): HttpClient {
  const agent = new Agent({ keepAlive: true, ...options.tls });
  return {
    sendRequest: (request) =>
      new Promise((resolve, reject) => {
        exchange(request, agent, options, resolve, reject);
      }),
  };
}

function exchange(
  request: PipelineRequest,
  agent: Agent,
  { attemptTimeout = 60_000, largestAnswer = 32 * 2 ** 20 }: TransportOptions,
  resolve: (response: PipelineResponse) => void,
  reject: (error: RestError) => void,
): void {
  const { protocol, hostname, port, pathname, search } = new URL(request.url);
  if (protocol !== "https:") throw new Error("requests are sent over https only");
  const outgoing = startRequest({
    agent: (request.agent as Agent | undefined) ?? agent, // a proxy's, where one is configured
    method: request.method,
    hostname,
    port,
    path: pathname + search,
    headers: request.headers.toJSON({ preserveCase: true }),
  });
  const failWith = (error: RestError): void => {
    clearTimeout(timer);
    reject(error);
    outgoing.destroy();
  };
  const fail = (message: string, code: string): void => {
    failWith(new RestError(message, { code, request }));
  };
  const timer = setTimeout(() => {
    fail(`no answer within ${String(attemptTimeout / 1_000)} seconds`, "ETIMEDOUT");
  }, attemptTimeout);
  outgoing.on("error", (error: NodeJS.ErrnoException) => {
    const { code = RestError.REQUEST_SEND_ERROR, syscall } = error;
    // On a connection that stood, EHOSTUNREACH does not mean that nothing was sent.
    const hasStood = syscall === "read" || syscall === "write";
    fail(error.message, hasStood && meansNeverSent(code) ? "ECONNRESET" : code);
  });
  outgoing.once(PROXY_ANSWERED, (answer: ProxyAnswer) => {
    const refusal = proxyRefusal(answer, request);
    if (refusal !== undefined) failWith(refusal);
  });
  outgoing.once("upgrade", () => {
    fail("the connection was switched to another protocol", "ECONNRESET");
  });
  outgoing.once("response", (incoming) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > largestAnswer) {
        fail(`the answer is larger than ${String(largestAnswer / 2 ** 20)} MiB`, TOO_LARGE);
      }
    });
    incoming.on("error", (error) => {
      fail(`the answer broke off (${error.message})`, "ECONNRESET");
    });
    incoming.once("end", () => {
      clearTimeout(timer);
      resolve({
        request,
        status: incoming.statusCode ?? 0,
        headers: createHttpHeaders(incoming.headers as Record<string, string>),
        bodyAsText: Buffer.concat(chunks).toString("utf8"),
      });
    });
  });
  outgoing.end(request.body);
}
