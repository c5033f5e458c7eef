import type { PipelineRequest, RetryStrategy } from "@azure/core-rest-pipeline";
import { armError } from "../arm/armError";
import type { InFlightCalls } from "./inFlight";
import { codeOf, mayPass, wasNeverSent } from "./failures";
import { retryAfter } from "./retryAfter";
import type { RetryOptions } from "./retryOptions";

/**
 * A 429 of Resource Manager was turned away at the door and changed nothing: any request may be sent
 * again, until the call has taken too long. One of a gateway may stand for an answer that came too
 * often, or too late.
 * @param repeatable whether the requests may be executed twice.
 */
export function throttled(
  options: RetryOptions,
  calls: InFlightCalls,
  repeatable: boolean,
): RetryStrategy {
  return {
    name: "throttled",
    retry: ({ response, retryCount }) =>
      response?.status === 429 && (repeatable || armError(response) !== undefined)
        ? wait(options, calls, response.request, retryCount, retryAfter(response.headers), "a 429")
        : GIVE_UP,
  };
}

/**
 * What may pass by itself.
 * @param repeatable whether the requests may be executed twice; others are only sent again if they
 *   have not reached the service.
 */
export function transient(
  options: RetryOptions,
  calls: InFlightCalls,
  repeatable: boolean,
): RetryStrategy {
  return {
    name: "transient",
    retry: ({ response, responseError }) => {
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
      return wait(options, calls, request, failures - 1, asked, trouble);
    },
  };
}

const GIVE_UP = { skipStrategy: true };

function wait(
  options: RetryOptions,
  calls: InFlightCalls,
  request: PipelineRequest,
  retries: number,
  asked: number | undefined,
  trouble: string,
): ReturnType<RetryStrategy["retry"]> {
  const own = options.firstDelay * 2 ** retries * (0.75 + Math.random() / 2);
  // Who is asked back at once, again and again, would not let the service recover.
  const delay = asked === undefined || asked === 0 ? Math.min(own, options.longestDelay) : asked;
  // Earlier than it was asked to is no time to come back, and later than this, nobody waits.
  if (delay > options.longestRetryAfter || delay > calls.timeLeft(request)) return GIVE_UP;
  const seconds = String(Math.ceil(delay / 1_000));
  calls.waitsFor(request, `its next attempt, which comes ${seconds} s after ${trouble}`);
  return { retryAfterInMs: delay };
}
