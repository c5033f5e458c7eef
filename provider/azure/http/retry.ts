import type { PipelineRequest, PipelineResponse, RetryStrategy } from "@azure/core-rest-pipeline";
import { codeOf, mayPass, wasNeverSent } from "./failures";
import type { InFlightCalls } from "./inFlight";

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
 * Sends a request again after what may pass by itself: a 429, a 408, a 5xx, or no answer. One that
 * must not be executed twice is sent again only where it certainly was not executed.
 * @param repeatable whether the requests may be executed twice.
 * @param isRefusal whether an answer is the service's own refusal. A gateway's 429 may stand for an
 *   answer that came too often, or too late.
 */
export function retryStrategy(
  options: RetryOptions,
  calls: InFlightCalls,
  repeatable: boolean,
  isRefusal: (response: PipelineResponse) => boolean,
): RetryStrategy {
  function wait(
    request: PipelineRequest,
    retries: number,
    asked: number | undefined,
    trouble: string,
  ): ReturnType<RetryStrategy["retry"]> {
    const own = options.firstDelay * 2 ** retries * (0.75 + Math.random() / 2);
    // A service that asks for no wait at all, again and again, would get no time to recover.
    const delay = asked === undefined || asked === 0 ? Math.min(own, options.longestDelay) : asked;
    // To come back sooner than asked would be in vain, and nobody waits for longer than this.
    if (delay > options.longestRetryAfter || delay > calls.timeLeft(request)) return GIVE_UP;
    const seconds = String(Math.ceil(delay / 1_000));
    calls.waitsFor(request, `its next attempt, which comes ${seconds} s after ${trouble}`);
    return { retryAfterInMs: delay };
  }

  return {
    name: "retry",
    retry({ response, responseError, retryCount }) {
      if (response?.status === 429) {
        // However often: the service answers, and has executed nothing.
        const isSafe = repeatable || isRefusal(response);
        const { request, headers } = response;
        return isSafe ? wait(request, retryCount, retryAfter(headers), "a 429") : GIVE_UP;
      }
      const request = response?.request ?? responseError?.request;
      const passes =
        response === undefined
          ? mayPass(responseError) && (repeatable || wasNeverSent(responseError))
          : repeatable && (response.status >= 500 || response.status === 408);
      if (request === undefined || !passes) return GIVE_UP;
      const failures = calls.countFailure(request);
      if (failures > options.maximumRetries) return GIVE_UP;
      const asked = response === undefined ? undefined : retryAfter(response.headers);
      const trouble =
        response === undefined ? codeOf(responseError) : `a ${String(response.status)}`;
      return wait(request, failures - 1, asked, trouble);
    },
  };
}

const GIVE_UP = { skipStrategy: true };

/**
 * For how long an answer asks its caller to stay away, in milliseconds; undefined if it does not, or
 * not in a way that can be read. Some services count in milliseconds, some with decimals.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfter(headers: { get(name: string): string | undefined }): number | undefined {
  return (
    read(headers.get("retry-after-ms"), 1) ??
    read(headers.get("x-ms-retry-after-ms"), 1) ??
    read(headers.get("Retry-After"), 1_000)
  );
}

/** A wait that was asked for, as messages tell it. */
export function minutes(wait: number | undefined): string {
  if (wait === undefined) return "a few minutes";
  const count = Math.ceil(wait / 60_000);
  return count <= 1 ? "a minute" : `${String(count)} minutes`;
}

function read(header: string | undefined, unit: number): number | undefined {
  const value = header?.trim() ?? "";
  if (value === "") return undefined;
  const wanted = /^\d+(\.\d+)?$/.test(value)
    ? Number(value) * unit
    : Date.parse(value) - Date.now();
  return Number.isFinite(wanted) ? Math.max(0, wanted) : undefined;
}
