import type { RetryStrategy } from "@azure/core-rest-pipeline";

/** How failed requests are sent again. Times are in milliseconds. */
export interface RetryOptions {
  /** How often one request is sent again at the most. @default 6 */
  readonly maximumRetries: number;
  /** The first wait where the service names none; it doubles from there. @default 1000 */
  readonly firstDelay: number;
  /** No single wait is longer, whatever a Retry-After asks for. @default 60000 */
  readonly longestDelay: number;
}

export const DEFAULT_RETRY: RetryOptions = {
  maximumRetries: 6,
  firstDelay: 1_000,
  longestDelay: 60_000,
};

/** A 429 was turned away at the door and changed nothing: any request may be sent again. */
export function throttled(options: RetryOptions): RetryStrategy {
  return {
    name: "throttled",
    retry: ({ response, retryCount }) =>
      response?.status === 429
        ? { retryAfterInMs: delay(options, retryCount, response.headers.get("Retry-After")) }
        : { skipStrategy: true },
  };
}

/** Everything that may pass by itself; only for requests that may be executed twice. */
export function transient(options: RetryOptions): RetryStrategy {
  return {
    name: "transient",
    retry: ({ response, responseError, retryCount }) => {
      const passing =
        response === undefined
          ? responseError?.code !== undefined && PASSING_CODES.has(responseError.code)
          : response.status >= 500 || response.status === 408;
      return passing
        ? { retryAfterInMs: delay(options, retryCount, response?.headers.get("Retry-After")) }
        : { skipStrategy: true };
    },
  };
}

/** Socket and name-lookup failures that come and go; a refused certificate, say, does not. */
const PASSING_CODES = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "PARSE_ERROR",
  "REQUEST_SEND_ERROR",
]);

function delay(options: RetryOptions, retryCount: number, retryAfter: string | undefined): number {
  const asked = retryAfter === undefined || retryAfter === "" ? NaN : Number(retryAfter) * 1_000;
  const until = retryAfter === undefined ? NaN : Date.parse(retryAfter) - Date.now();
  const own = options.firstDelay * 2 ** retryCount * (0.75 + Math.random() / 2);
  const wanted = [asked, until, own].find((ms) => Number.isFinite(ms) && ms >= 0) ?? own;
  return Math.min(wanted, options.longestDelay);
}
