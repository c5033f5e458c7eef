import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
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
import { redact } from "./redact";
import { throttled, transient, type RetryOptions } from "./retry";

export interface HttpOptions {
  readonly retry: RetryOptions;
  /** Milliseconds after which one attempt without a whole answer is given up. @default 60000 */
  readonly attemptTimeout?: number;
  /** Runs before each attempt of a request that is not repeatable; throws to hold it back. */
  readonly beforeChange?: () => Promise<void>;
  /** Certificate authorities beside Node's own. Users set NODE_EXTRA_CA_CERTS instead. */
  readonly tls?: TlsSettings;
}

interface HttpRequest {
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

/** @param sign what puts the caller's credential on each request as it is sent, if anything does. */
export function createHttp(options: HttpOptions, sign?: PipelinePolicy): Http {
  const client = createDefaultHttpClient();
  const once = createPipeline(options, sign, [throttled(options.retry)]);
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
  const repeated = createPipeline(options, sign, [
    throttled(options.retry),
    transient(options.retry),
  ]);
  return {
    send: ({ method, url, headers, body, repeatable }) =>
      (repeatable ? repeated : once).sendRequest(
        client,
        createPipelineRequest({
          method,
          url,
          headers: createHttpHeaders(headers),
          ...(body === undefined ? {} : { body }),
        }),
      ),
  };
}

function createPipeline(
  options: HttpOptions,
  sign: PipelinePolicy | undefined,
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
  pipeline.addPolicy(attemptTimeout(options.attemptTimeout ?? 60_000), { afterPhase: "Retry" });
  pipeline.addPolicy(retryPolicy(strategies, { maxRetries: options.retry.maximumRetries }), {
    phase: "Retry",
  });
  if (sign !== undefined) pipeline.addPolicy(sign, { phase: "Sign" });
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

/** Failures that come before a request has left this machine. */
const NEVER_SENT = new Set(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH"]);

/** Whether a request that got no answer certainly did not reach the service. */
export function wasNeverSent(error: unknown): boolean {
  const code = isRestError(error) ? (error.code ?? "") : "";
  // A certificate that is not trusted ends the handshake; an alert (ERR_SSL_…) may come later.
  return NEVER_SENT.has(code) || /^(?!ERR_SSL).*(CERT|UNABLE_TO_VERIFY)/.test(code);
}
