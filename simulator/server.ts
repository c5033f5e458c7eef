import { once } from "node:events";
import { type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type Certificates } from "./certificateAuthority";
import { Failure } from "./failure";
import { type InjectedFault, type SpoiltReply } from "./faults";
import { VaultPorts } from "./keyVault/vaultPorts";
import { record, type RecordedRequest } from "./recordedRequest";
import { type Answer, connectionReset, type Route, type RoutedRequest } from "./route";
import { type Router } from "./router";

/** What the server needs for a request, beside the request. */
export interface Handling {
  readonly url: string;
  readonly router: Router;
  readonly faults: readonly InjectedFault[];
  readonly requests: RecordedRequest[];
  readonly latencyMs: number;
  readonly now: () => number;
}

/** A server that listens, and further ports of it. */
export interface Listening {
  readonly server: Server;
  readonly port: number;
  readonly vaultPorts: VaultPorts;
}

/** Listens on free ports of the loopback interface. */
export async function listen(certificates: Certificates): Promise<Listening> {
  const server = createServer({ cert: certificates.certificate, key: certificates.privateKey });
  // A connection that the server closes while a client is about to use it would look like a fault.
  server.keepAliveTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { server, port, vaultPorts: await VaultPorts.open(server) };
}

/** Closes the server with its connections, idle or not. */
export async function stop({ server, vaultPorts }: Listening): Promise<void> {
  vaultPorts.close();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** Answers one request: routes it, records it, lets a fault befall it. */
export async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handling: Handling,
): Promise<void> {
  const body = await text(incoming);
  const method = incoming.method ?? "GET";
  const url = new URL(`${handling.url}${incoming.url ?? "/"}`);
  const { route, parameters } = handling.router.match(method, url.pathname);
  const request = { method, url, headers: incoming.headers, body, parameters };
  const recording = record(route, request, handling.now());
  handling.requests.push(recording);

  const fault = handling.faults.find((each) => each.befalls(recording));
  if (handling.latencyMs > 0) {
    await sleep(handling.latencyMs, undefined, { ref: false });
  }
  const effect = () => answer(route, request);
  const reply = fault ? await fault.answer(route.service, effect) : effect();

  recording.endedAt = new Date(handling.now());
  if (reply === connectionReset) {
    incoming.socket.destroy();
    return;
  }
  const headers = { ...route.service.headers(request), ...reply.headers };
  recording.status = reply.status;
  recording.responseHeaders = headers;
  send(outgoing, reply, headers);
}

function answer(route: Route, request: RoutedRequest): Answer {
  try {
    return route.answer(request);
  } catch (error) {
    const failure =
      error instanceof Failure ? error : new Failure(500, "InternalServerError", String(error));
    return {
      status: failure.status,
      headers: failure.details.headers ?? {},
      body: route.service.errorBody(failure),
    };
  }
}

function send(outgoing: ServerResponse, reply: SpoiltReply, headers: Record<string, string>): void {
  const json = reply.body === undefined ? "" : JSON.stringify(reply.body);
  const content = Buffer.from(reply.rawBody ?? json);
  outgoing.writeHead(reply.status, { ...headers, "Content-Length": content.length });
  if (reply.cutAfterBytes === undefined) {
    outgoing.end(content);
  } else {
    outgoing.write(content.subarray(0, reply.cutAfterBytes), () => outgoing.destroy());
  }
}
