import type { TokenCredential } from "@azure/core-auth";
import { authorizeRequestOnClaimChallenge } from "@azure/core-client";
import {
  bearerTokenAuthenticationPolicy,
  type HttpMethods,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { Cloud } from "./clouds";
import { AzureError, MalformedAnswer, type ErrorAnswer } from "./errors";
import { adviceOn, describeFailure, wasNeverSent } from "./http/failures";
import { createHttp, type HttpOptions } from "./http/http";
import { jsonIfAny, parseJson, property } from "./json";
import { nextStep } from "./nextStep";
import { redact } from "./redact";
import { RequestLimits } from "./http/requestLimits";
import { retryAfter } from "./http/retryAfter";
import type { Target } from "./target";

/** One operation of Azure Resource Manager. */
export interface Operation {
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
   * @throws AzureError, whose outcome says whether the operation may have happened.
   */
  call<Result>(
    target: Target,
    operation: Operation,
    parse: (body: unknown) => Result,
  ): Promise<Result>;
}

/** The process's, whoever signs in: one caller's refusal is a warning to the next. */
const limits = new RequestLimits();

export function createResourceManager(
  cloud: Cloud,
  credential: TokenCredential,
  options: HttpOptions,
): ResourceManager {
  const endpoint = cloud.resourceManager;
  const scopes = `${cloud.audience}/.default`;
  const sign = bearerTokenAuthenticationPolicy({
    credential,
    scopes,
    challengeCallbacks: {
      // The policy itself answers one form of a claims challenge, this the other. Whatever scope a
      // challenge may name, the token stays one for Resource Manager.
      authorizeRequestOnChallenge: (challenge) =>
        authorizeRequestOnClaimChallenge({
          ...challenge,
          getAccessToken: (_, options) =>
            challenge.getAccessToken([scopes], { ...options, enableCae: true }),
        }),
    },
  });
  const http = createHttp(options, { sign, limits });

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
      if (error instanceof AzureError) throw error; // the sign-in failed: nothing was sent
      throw new AzureError(
        `${what(target, operation)}: ${describeFailure(error)}. Next: ${adviceOn(error, endpoint)}, then run "pulumi up" again`,
        wasNeverSent(error) ? "refused" : "unknown",
      );
    }
  }

  return {
    async call(target, operation, parse) {
      const response = await send(target, operation);
      if (response.status !== 200) {
        const answer = readErrorAnswer(response);
        throw new AzureError(
          `${what(target, operation)}: ${describeAnswer(answer)}. Next: ${nextStep(answer, operation.action, target.scope)}`,
          mayHaveHappened(response.status) ? "unknown" : "refused",
          answer,
        );
      }
      try {
        return parse(parseJson(response.bodyAsText));
      } catch (error) {
        if (!(error instanceof MalformedAnswer)) throw error;
        throw new AzureError(
          `${what(target, operation)}: the answer of ${endpoint} is not what this API version answers: ${error.message} (correlation id ${correlationId(response) ?? "unknown"}). Next: check that the endpoint is Azure Resource Manager and that no proxy changes its answers`,
          "unknown",
        );
      }
    },
  };
}

/** A 2xx has accepted something; a 408 or a 5xx can come from a gateway that gave up waiting. */
function mayHaveHappened(status: number): boolean {
  return status < 300 || status === 408 || status >= 500;
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

/** `{ error: { code, message } }`, of which nothing is taken for granted. */
function readErrorAnswer(response: PipelineResponse): ErrorAnswer {
  const error = property(jsonIfAny(response.bodyAsText), "error");
  const text = (value: unknown) =>
    typeof value === "string" ? redact(value.split("\n", 1)[0] ?? "") : undefined;
  return {
    status: response.status,
    code: text(property(error, "code")),
    message: text(property(error, "message")) ?? "",
    correlationId: correlationId(response),
    retryAfter: retryAfter(response.headers),
  };
}

function correlationId(response: PipelineResponse): string | undefined {
  const id = response.headers.get("x-ms-correlation-request-id");
  return id === undefined ? undefined : redact(id);
}
