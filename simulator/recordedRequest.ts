import { type IncomingHttpHeaders } from "node:http";
import { type OperationName, type Route, type RoutedRequest } from "./route";

/** A request that the simulator has received. It holds no body, so no secret's value; no token or key. */
export interface RecordedRequest {
  readonly operation: OperationName;
  readonly method: string;
  readonly path: string;
  /** The query string with its leading "?", or "". */
  readonly query: string;
  /** The Batch account that the request is about. */
  readonly accountId: string | undefined;
  /** The key vault that the request is about. */
  readonly vaultId: string | undefined;
  /** Without Authorization and X-IDENTITY-HEADER. */
  readonly headers: IncomingHttpHeaders;
  readonly startedAt: Date;
  /** When the answer was sent or the connection dropped; undefined until then. */
  readonly endedAt: Date | undefined;
  /** The status answered; undefined until then, and when the connection was dropped. */
  readonly status: number | undefined;
  /** The headers answered, among them `x-ms-correlation-request-id`. */
  readonly responseHeaders: Readonly<Record<string, string>>;
}

/** A recorded request whose answer is still to be filled in. */
export type Recording = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

export function record(route: Route, request: RoutedRequest, now: number): Recording {
  const headers = { ...request.headers };
  delete headers.authorization;
  delete headers["x-identity-header"];
  return {
    operation: route.service.operation?.(request) ?? route.operation,
    method: request.method,
    path: request.url.pathname,
    query: request.url.search,
    accountId: route.service.accountId?.(request),
    vaultId: route.service.vaultId?.(request),
    headers,
    startedAt: new Date(now),
    endedAt: undefined,
    status: undefined,
    responseHeaders: {},
  };
}
