import type { TokenCredential } from "@azure/core-auth";
import type { HttpMethods, PipelineResponse } from "@azure/core-rest-pipeline";
import type { Cloud } from "../clouds";
import { AzureError, type ErrorAnswer, MalformedAnswer, NotSentError } from "../errors";
import { bearerTokens } from "../http/bearerTokens";
import { createHttp, type Http, type HttpOptions } from "../http/client";
import { adviceOn, describeFailure, foreignAnswer, wasNeverSent } from "../http/failures";
import { jsonIfAny } from "../json";
import { armError, correlationId } from "./armError";
import { remediation, type Scope } from "./remediation";
import { RequestLimits } from "./requestLimits";

/** What a call to Azure Resource Manager is about. */
export interface Target {
  /** Its ARM id. */
  readonly id: string;
  readonly scope: Scope;
  /** Its name in full, for messages. */
  readonly description: string;
}

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
  /** Its origin. */
  readonly endpoint: string;
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
 * @param signInHint what is odd about the sign-in, for refusals that may come from it; "" if nothing
 *   is.
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
      const next = `${adviceOn(error, endpoint)}, then run "pulumi up" again`;
      throw new AzureError(
        `${what(target, operation)}: ${describeFailure(error)}. Next: ${next}`,
        wasNeverSent(error) ? "refused" : "unknown",
      );
    }
  }

  function aboutSignIn({ status, code }: ErrorAnswer): string {
    const isUnknown = status === 401 || code === "SubscriptionNotFound";
    return isUnknown && signInHint !== "" ? `. ${signInHint}` : "";
  }

  return {
    endpoint,
    async call(target, operation, parse) {
      const response = await send(target, operation);
      const { status } = response;
      const failure = what(target, operation);
      const refusal = armError(response);
      if (refusal !== undefined) {
        const next = remediation(refusal, operation.action, target.scope);
        throw new AzureError(
          `${failure}: ${describe(refusal)}. Next: ${next}${aboutSignIn(refusal)}`,
          // A 408 or a 5xx can come from a gateway that gave up waiting.
          status === 408 || status >= 500 ? "unknown" : "refused",
          refusal,
        );
      }
      const body = status < 300 ? jsonIfAny(response.bodyAsText) : undefined;
      if (body === undefined) {
        const { problem, next } = foreignAnswer(response, `Azure Resource Manager (${endpoint})`);
        throw new AzureError(`${failure}: ${problem}. Next: ${next}`, "unknown");
      }
      try {
        // Another 2xx has accepted something.
        if (status !== 200) throw new MalformedAnswer(`the status is ${String(status)}`);
        return parse(body);
      } catch (error) {
        const problem = `the answer from ${endpoint} does not have the form of this API version`;
        const reason = `${describeFailure(error)} (correlation id ${correlationId(response)})`;
        const next =
          "check that the endpoint is Azure Resource Manager and that no proxy changes its answers";
        // Whatever reading it fails on: it may be the answer to a key that has changed.
        throw new AzureError(`${failure}: ${problem}: ${reason}. Next: ${next}`, "unknown");
      }
    },
  };
}

function what({ description }: Target, { intent }: Operation): string {
  return `could not ${intent} ${description}`;
}

function describe({ status, code, message, correlationId: id }: ErrorAnswer): string {
  const said = message === "" ? "" : `: ${message.replace(/\.$/, "")}`;
  return `${String(status)} ${code ?? "without an error code"}${said} (correlation id ${id})`;
}

/** One for the process, whoever signs in: a refusal of one caller is a warning to the next. */
const limits = new RequestLimits();

/** Sends requests to a cloud's Resource Manager as one identity, within the limits for its callers. */
export function createArmHttp(
  cloud: Cloud,
  credential: TokenCredential,
  options: HttpOptions,
): Http {
  return createHttp(options, {
    sign: bearerTokens(credential, cloud.audience),
    limits,
    isRefusal: (response) => armError(response) !== undefined,
  });
}
