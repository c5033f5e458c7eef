import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  decompressResponsePolicyName,
  isRestError,
  redirectPolicyName,
  RestError,
  retryPolicy,
  type HttpMethods,
  type Pipeline,
  type PipelinePolicy,
  type PipelineResponse,
  type TlsSettings,
} from "@azure/core-rest-pipeline";
import { limitedBody } from "./answerBody";
import { Patience, type PatienceOptions } from "./patience";
import { redact } from "../redact";
import { NOT_ADMITTED, type RequestLimits } from "./requestLimits";
import { throttled, transient, type RetryOptions } from "./retry";

export interface HttpOptions extends PatienceOptions {
  readonly retry: RetryOptions;
  /** Milliseconds after which one attempt without a whole answer is given up. @default 60000 */
  readonly attemptTimeout?: number;
  /** Runs before each attempt of a request that is not repeatable; throws to hold it back. */
  readonly beforeChange?: () => Promise<void>;
  /** Bytes of the largest answer that is read. @default 33554432 (32 MiB) */
  readonly largestAnswer?: number;
  /** Certificate authorities beside Node's own. Users set NODE_EXTRA_CA_CERTS instead. */
  readonly tls?: TlsSettings;
}

/** What the requests to one service have in common. */
export interface HttpService {
  /** Puts the caller's credential on each request as it is sent. */
  readonly sign?: PipelinePolicy;
  /** The limits within which the service keeps its callers. */
  readonly limits?: RequestLimits;
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

const { name, version } = require("pulumi-azure-batch-key-rotation/package.json") as {
  name: string;
  version: string;
};

export function createHttp(options: HttpOptions, service: HttpService = {}): Http {
  const client = createDefaultHttpClient();
  const patience = new Patience(options);
  const again = throttled(options.retry, patience);
  const repeated = createPipeline(options, service, patience, [
    again,
    transient(options.retry, patience),
  ]);
  const once = createPipeline(options, service, patience, [again]);
  const { beforeChange } = options;
  if (beforeChange !== undefined) {
    const holdBack: PipelinePolicy = {
      name: "beforeChange",
      async sendRequest(request, next) {
        await beforeChange();
        return next(request);
      },
    };
    // After signing in, which can take its time.
    once.addPolicy(holdBack, { afterPhase: "Sign" });
  }
  return {
    send({ what, method, url, headers, body, repeatable }) {
      const request = createPipelineRequest({
        method,
        url,
        headers: createHttpHeaders(headers),
        ...(body === undefined ? {} : { body }),
      });
      const pipeline = repeatable ? repeated : once;
      return patience.during(request, what, () => pipeline.sendRequest(client, request));
    },
  };
}

function createPipeline(
  options: HttpOptions,
  { sign, limits }: HttpService,
  patience: Patience,
  strategies: Parameters<typeof retryPolicy>[0],
): Pipeline {
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: `${name}/${version}` },
    ...(options.tls === undefined ? {} : { tlsOptions: options.tls }),
  });
  // The default policy would send a regenerateKeys again after an answer that was lost, and a
  // redirect would carry a credential to a host that nobody configured.
  pipeline.removePolicy({ phase: "Retry" });
  pipeline.removePolicy({ name: redirectPolicyName });
  // Compressed, a small answer can be a large one, and a stream that breaks off never ends.
  pipeline.removePolicy({ name: decompressResponsePolicyName });
  // The strategies know themselves when to give up.
  pipeline.addPolicy(retryPolicy(strategies, { maxRetries: Infinity }), { phase: "Retry" });
  const timeout = attemptTimeout(options.attemptTimeout ?? 60_000);
  pipeline.addPolicy(timeout, { afterPhase: "Retry" });
  if (limits !== undefined) {
    const held = limits.policy(patience, options.retry.longestRetryAfter);
    pipeline.addPolicy(held, { afterPhase: "Retry", beforePolicies: [timeout.name] });
  }
  if (sign !== undefined) pipeline.addPolicy(sign, { phase: "Sign" });
  const body = limitedBody(options.largestAnswer ?? 32 * 2 ** 20);
  pipeline.addPolicy(body, { afterPhase: "Sign" });
  return pipeline;
}

/** The request's own time-out would end with the headers, and outlive a request that failed. */
function attemptTimeout(milliseconds: number): PipelinePolicy {
  return {
    name: "attemptTimeout",
    async sendRequest(request, next) {
      const timeout = AbortSignal.timeout(milliseconds);
      request.abortSignal = timeout;
      try {
        return await next(request);
      } catch (error) {
        if (!timeout.aborted) throw error;
        const message = `no answer within ${String(milliseconds / 1_000)} seconds`;
        throw new RestError(message, { code: "ETIMEDOUT", request });
      } finally {
        delete request.abortSignal;
      }
    },
  };
}

/** Why no answer came, in words for a user. */
export function describeFailure(error: unknown): string {
  return redact(error instanceof Error ? error.message : String(error));
}

/** What a user does about a request that got no answer. */
export function adviceOn(error: unknown, endpoint: string): string {
  if (codeOf(error) === NOT_ADMITTED) return "try again in a few minutes";
  return wasNeverSent(error) && /certificate/i.test(describeFailure(error))
    ? `name the file of the certificate authority of ${endpoint} in NODE_EXTRA_CA_CERTS`
    : `check the connection to ${endpoint}`;
}

/** Failures that come before a request has left this machine. */
const NEVER_SENT = new Set([
  NOT_ADMITTED,
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
]);

/** Whether a request that got no answer certainly did not reach the service. */
export function wasNeverSent(error: unknown): boolean {
  const code = codeOf(error);
  // A certificate that is not trusted ends the handshake; an alert (ERR_SSL_…) may come later.
  return NEVER_SENT.has(code) || /^(?!ERR_SSL).*(CERT|UNABLE_TO_VERIFY)/.test(code);
}

function codeOf(error: unknown): string {
  return isRestError(error) ? (error.code ?? "") : "";
}
