import type { PipelineRequest, RestError, RetryStrategy } from "@azure/core-rest-pipeline";
import type { Patience } from "./patience";

/** How failed requests are sent again. Times are in milliseconds. */
export interface RetryOptions {
  /** How often one request that failed is sent again at the most. @default 6 */
  readonly maximumRetries: number;
  /** The first wait where the service names none; it doubles from there. @default 1000 */
  readonly firstDelay: number;
  /** No wait where the service names none is longer. @default 60000 */
  readonly longestDelay: number;
  /** A service that asks for more than this is not waited for. @default 600000 */
  readonly longestRetryAfter: number;
}

export const DEFAULT_RETRY: RetryOptions = {
  maximumRetries: 6,
  firstDelay: 1_000,
  longestDelay: 60_000,
  longestRetryAfter: 600_000,
};

/**
 * A 429 was turned away at the door and changed nothing: any request may be sent again, until the
 * call has taken too long.
 */
export function throttled(options: RetryOptions, patience: Patience): RetryStrategy {
  return {
    name: "throttled",
    retry: ({ response, retryCount }) =>
      response?.status === 429
        ? wait(options, patience, response.request, retryCount, retryAfter(response.headers), "429")
        : GIVE_UP,
  };
}

/** Everything that may pass by itself; only for requests that may be executed twice. */
export function transient(options: RetryOptions, patience: Patience): RetryStrategy {
  return {
    name: "transient",
    retry: ({ response, responseError }) => {
      const request = response?.request ?? responseError?.request;
      const trouble = response === undefined ? codeOf(responseError) : String(response.status);
      if (request === undefined || !mayPass(response?.status, trouble)) return GIVE_UP;
      const failures = patience.countFailure(request);
      if (failures > options.maximumRetries) return GIVE_UP;
      const asked = response === undefined ? undefined : retryAfter(response.headers);
      return wait(options, patience, request, failures - 1, asked, trouble);
    },
  };
}

const GIVE_UP = { skipStrategy: true };

/** Socket and name-lookup failures that come and go; a refused certificate, say, does not. */
const PASSING_CODES = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "REQUEST_SEND_ERROR",
]);

function mayPass(status: number | undefined, trouble: string): boolean {
  return status === undefined ? PASSING_CODES.has(trouble) : status >= 500 || status === 408;
}

function codeOf(error: RestError | undefined): string {
  return error?.code ?? "";
}

function wait(
  options: RetryOptions,
  patience: Patience,
  request: PipelineRequest,
  retries: number,
  asked: number | undefined,
  trouble: string,
): ReturnType<RetryStrategy["retry"]> {
  const own = options.firstDelay * 2 ** retries * (0.75 + Math.random() / 2);
  // Who is asked back at once, again and again, would not let the service recover.
  const delay = asked === undefined || asked === 0 ? Math.min(own, options.longestDelay) : asked;
  // Earlier than it was asked to is no time to come back, and later than this, nobody waits.
  if (delay > options.longestRetryAfter || delay > patience.timeLeft(request)) return GIVE_UP;
  patience.waitsFor(
    request,
    `its next attempt, ${String(Math.ceil(delay / 1_000))} s after ${trouble}`,
  );
  return { retryAfterInMs: delay };
}

/**
 * What a Retry-After asks for, in milliseconds; undefined if there is none that can be read.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfter(headers: { get(name: string): string | undefined }): number | undefined {
  const value = headers.get("Retry-After")?.trim();
  if (value === undefined || value === "") return undefined;
  const wanted = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(wanted) ? Math.max(0, wanted) : undefined;
}
