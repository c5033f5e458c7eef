import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
  type Pipeline,
  type PipelinePolicy,
  type PipelineResponse,
  proxyPolicy,
  retryPolicy,
  userAgentPolicy,
} from "@azure/core-rest-pipeline";
import type { InFlightCalls } from "./inFlight";
import { DEFAULT_RETRY, type RetryOptions, retryStrategy } from "./retry";
import { createTransport, type TransportOptions } from "./transport";

const { name, version } = require("pulumi-azure-batch-key-rotation/package.json") as {
  name: string;
  version: string;
};

/** By what requests name this package to Azure, its sign-in included. */
export const USER_AGENT_PREFIX = `${name}/${version}`;

export interface HttpOptions extends TransportOptions {
  /** @default those of DEFAULT_RETRY, one by one */
  readonly retry?: Partial<RetryOptions>;
  /** The process's calls, this client's among them. */
  readonly calls: InFlightCalls;
  /** Milliseconds after which a call waits for nothing more. @default 1800000 (half an hour) */
  readonly longestCall?: number;
  /** Runs before each attempt of a request that is not repeatable; throws to hold it back. */
  readonly beforeChange?: () => Promise<void>;
}

/** What the requests to one service have in common. */
export interface HttpService {
  /** Puts the caller's credential on each request as it is sent. */
  readonly sign?: PipelinePolicy;
  /** Keeps requests within the service's limits for its callers. */
  readonly limits?: {
    /** @param longestPause milliseconds; a refusal that asks for more delays no other request. */
    policy(calls: InFlightCalls, longestPause: number): PipelinePolicy;
  };
  /**
   * Whether an answer is the service's own refusal, and not that of something on the way: then it
   * has executed nothing. @default no answer is
   */
  readonly isRefusal?: (response: PipelineResponse) => boolean;
}

interface HttpRequest {
  /** What it is to do, for the user who waits for it: "read Batch account …". */
  readonly what: string;
  readonly method: HttpMethods;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the service may execute the request twice without harm. */
  readonly repeatable: boolean;
}

/** Sends requests over kept-alive TLS connections, again where that is safe. */
export interface Http {
  send(request: HttpRequest): Promise<PipelineResponse>;
}

export function createHttp(options: HttpOptions, service: HttpService = {}): Http {
  const { beforeChange, calls, longestCall = 1_800_000 } = options;
  const transport = createTransport(options);
  const repeated = createPipeline(options, service, true);
  const once = createPipeline(options, service, false);
  if (beforeChange !== undefined) {
    const holdBack: PipelinePolicy = {
      name: "beforeChange",
      async sendRequest(request, next) {
        await beforeChange();
        return next(request);
      },
    };
    // Last, because all else can take its time.
    once.addPolicy(holdBack, { afterPhase: "Sign", beforePolicies: [SENDS] });
  }
  return {
    send({ what, method, url, headers, body, repeatable }) {
      const request = createPipelineRequest({
        method,
        url,
        headers: createHttpHeaders(headers),
        ...(body === undefined ? {} : { body }),
      });
      // The transport does not unzip: compressed, a small answer could be a large one.
      request.headers.set("Accept-Encoding", "identity");
      request.headers.set("x-ms-client-request-id", request.requestId);
      const pipeline = repeatable ? repeated : once;
      return calls.during(request, what, longestCall, () =>
        pipeline.sendRequest(transport, request),
      );
    },
  };
}

const SENDS = "sends";

/** @param repeatable whether its requests may be executed twice. */
function createPipeline(
  { calls, retry }: HttpOptions,
  { sign, limits, isRefusal = () => false }: HttpService,
  repeatable: boolean,
): Pipeline {
  // The package's own choice of policies would send a regenerateKeys again after an answer that was
  // lost, and follow redirects, which carry a credential to a host that nobody configured.
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(userAgentPolicy({ userAgentPrefix: USER_AGENT_PREFIX }));
  const retryOptions = { ...DEFAULT_RETRY, ...retry };
  const strategy = retryStrategy(retryOptions, calls, repeatable, isRefusal);
  // The strategy knows itself when to give up.
  pipeline.addPolicy(retryPolicy([strategy], { maxRetries: Infinity }), { phase: "Retry" });
  if (limits !== undefined) {
    const policy = limits.policy(calls, retryOptions.longestRetryAfter);
    pipeline.addPolicy(policy, { afterPhase: "Retry" });
  }
  if (sign !== undefined) pipeline.addPolicy(noted(sign, calls), { phase: "Sign" });
  const sends: PipelinePolicy = {
    name: SENDS,
    sendRequest(request, next) {
      calls.sends(request);
      return next(request);
    },
  };
  pipeline.addPolicy(sends, { afterPhase: "Sign" });
  return pipeline;
}

/** Notes that a call waits for signing in, while it does. */
function noted(sign: PipelinePolicy, calls: InFlightCalls): PipelinePolicy {
  return {
    name: sign.name,
    sendRequest(request, next) {
      calls.waitsFor(request, "signing in");
      return sign.sendRequest(request, next);
    },
  };
}
