import type { HttpMethods, PipelineResponse } from "@azure/core-rest-pipeline";
import { armError } from "./armError";
import { AzureError, MalformedAnswer, NotSentError, type ErrorAnswer } from "../errors";
import { adviceOn, describeFailure, foreignAnswer, wasNeverSent } from "../http/failures";
import type { Http } from "../http/client";
import { jsonIfAny } from "../json";
import { remediation } from "./remediation";
import { redact } from "../redact";
import { retryAfter } from "../http/retry";
import type { Target } from "./target";

/** One operation of Azure Resource Manager. */
interface Operation {
  /** What it does, for messages: "could not <intent> <target>". */
  readonly intent: string;
  /** The role action it needs, e.g. `Microsoft.Batch/batchAccounts/read`. */
  readonly action: string;
  readonly method: HttpMethods;
  /** What follows the target's id in the path, "" or "/listKeys". */
  readonly path: string;
  readonly apiVersion: string;
  /**
   * Where a list goes on, in place of all that, as `followable` has let it pass: the identity's
   * token is sent there.
   */
  readonly link?: URL | undefined;
  readonly body?: unknown;
  /** Whether it may be executed twice without harm. */
  readonly repeatable: boolean;
}

/** Azure Resource Manager of one cloud, as one signed-in identity sees it. */
export interface ResourceManager {
  /**
   * Executes an operation and reads its answer.
   * @param parse makes the result of the answer's JSON; throws MalformedAnswer if it is not one.
   * @throws AzureError, whose outcome says whether the operation may have happened; NotSentError.
   */
  call<Result>(
    target: Target,
    operation: Operation,
    parse: (body: unknown) => Result,
  ): Promise<Result>;
}

/**
 * @param endpoint its origin.
 * @param signInHint what of the sign-in may be the reason where Resource Manager does not know who
 *   asks; "" if there is nothing.
 */
export function createResourceManager(
  endpoint: string,
  http: Http,
  signInHint = "",
): ResourceManager {
  async function send(target: Target, operation: Operation): Promise<PipelineResponse> {
    const { method, path, apiVersion, link, repeatable, body } = operation;
    try {
      return await http.send({
        what: `${operation.intent} ${target.description}`,
        method,
        url: link?.href ?? `${endpoint}${encodeURI(target.id)}${path}?api-version=${apiVersion}`,
        headers: {
          Accept: "application/json",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        repeatable,
      });
    } catch (error) {
      if (error instanceof NotSentError) throw error;
      throw new AzureError(
        `${what(target, operation)}: ${describeFailure(error)}. Next: ${adviceOn(error, endpoint)}, then run "pulumi up" again`,
        wasNeverSent(error) ? "refused" : "unknown",
      );
    }
  }

  function aboutSignIn({ status, code }: ErrorAnswer): string {
    const isUnknown = status === 401 || code === "SubscriptionNotFound";
    return isUnknown && signInHint !== "" ? `. ${signInHint}` : "";
  }

  return {
    async call(target, operation, parse) {
      const response = await send(target, operation);
      const { status } = response;
      const failure = what(target, operation);
      const body = status < 300 ? jsonIfAny(response.bodyAsText) : undefined;
      if (body === undefined && !isRefusal(response)) {
        const { problem, next } = foreignAnswer(response, `Azure Resource Manager (${endpoint})`);
        throw new AzureError(`${failure}: ${problem}. Next: ${next}`, "unknown");
      }
      if (status >= 400) {
        const answer = readErrorAnswer(response);
        const next = remediation(answer, operation.action, target.scope);
        throw new AzureError(
          `${failure}: ${describeAnswer(answer)}. Next: ${next}${aboutSignIn(answer)}`,
          // A 408 or a 5xx can come from a gateway that gave up waiting.
          status === 408 || status >= 500 ? "unknown" : "refused",
          answer,
        );
      }
      try {
        // Another 2xx has accepted something.
        if (status !== 200) throw new MalformedAnswer(`its status is ${String(status)}`);
        return parse(body);
      } catch (error) {
        // Whatever reading it fails on: it may be the answer to a key that has changed.
        throw new AzureError(
          `${failure}: the answer of ${endpoint} is not what this API version answers: ${describeFailure(error)} (correlation id ${correlationId(response) ?? "unknown"}). Next: check that the endpoint is Azure Resource Manager and that no proxy changes its answers`,
          "unknown",
        );
      }
    },
  };
}

/**
 * Whether Resource Manager itself refuses a request, by the answer's form: it puts an error into
 * each, and never redirects. A token that it does not take may get a challenge and no more.
 */
function isRefusal(response: PipelineResponse): boolean {
  const { status, headers } = response;
  const isChallenge = status === 401 && /^Bearer\b/i.test(headers.get("WWW-Authenticate") ?? "");
  return status >= 400 && (isChallenge || armError(response) !== undefined);
}

function what({ description }: Target, { intent }: Operation): string {
  return `could not ${intent} ${description}`;
}

function describeAnswer({
  status,
  code,
  message,
  correlationId: correlation,
}: ErrorAnswer): string {
  const said = message === "" ? "" : `: ${message.replace(/\.$/, "")}`;
  return `${String(status)} ${code ?? "without an error code"}${said} (correlation id ${correlation ?? "unknown"})`;
}

function readErrorAnswer(response: PipelineResponse): ErrorAnswer {
  const { code, message = "" } = armError(response) ?? {};
  return {
    status: response.status,
    code,
    message,
    correlationId: correlationId(response),
    retryAfter: retryAfter(response.headers),
  };
}

function correlationId(response: PipelineResponse): string | undefined {
  const id = response.headers.get("x-ms-correlation-request-id");
  return id === undefined ? undefined : redact(id);
}
