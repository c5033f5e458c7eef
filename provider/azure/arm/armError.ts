import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { ErrorAnswer } from "../errors";
import { retryAfter } from "../http/retry";
import { jsonIfAny, property, text } from "../json";
import { redact, redactLine } from "../redact";

/**
 * What Azure Resource Manager says in an answer that refuses a request; undefined for any other
 * answer, and for the refusal of something on the way. Resource Manager puts
 * `{ error: { code, message } }` into each refusal, except that one of a token may be a challenge and
 * no more.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/common-error-responses
 */
export function armError(response: PipelineResponse): ErrorAnswer | undefined {
  const { status, headers } = response;
  if (status < 400) return undefined;
  const error = property(jsonIfAny(response.bodyAsText), "error");
  const code = redactLine(text(error, "code"));
  const isChallenge = status === 401 && /^Bearer\b/i.test(headers.get("WWW-Authenticate") ?? "");
  if (code === "" && !isChallenge) return undefined;
  return {
    status,
    code: code === "" ? undefined : code,
    message: code === "" ? "" : redactLine(text(error, "message")),
    correlationId: correlationId(response),
    retryAfter: retryAfter(headers),
  };
}

/** What Azure's support asks for; "unknown" where the answer has none. */
export function correlationId({ headers }: PipelineResponse): string {
  return redact(headers.get("x-ms-correlation-request-id") ?? "unknown");
}
