import type { PipelineResponse } from "@azure/core-rest-pipeline";
import type { ErrorAnswer } from "../errors";
import { retryAfter } from "../http/retry";
import { jsonIfAny, property, text } from "../json";
import { redact } from "../redact";
import { readChallenge } from "./challenge";

/** What a key vault says of itself in an answer that refuses a request. */
export interface VaultRefusal extends ErrorAnswer {
  /** What the code leaves open: `ForbiddenByRbac`; "" if the answer has none. */
  readonly innerCode: string;
}

/**
 * Undefined for an answer that is not a key vault's refusal.
 * https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
 * @param secrets what the request held that no message may.
 */
export function readRefusal(
  response: PipelineResponse,
  secrets: readonly string[],
): VaultRefusal | undefined {
  const { status, headers, bodyAsText } = response;
  const error = property(jsonIfAny(bodyAsText), "error");
  // What follows the first line are ids of who asked and for what.
  const said = (of: unknown, name: string) =>
    redact(text(of, name).split(/\r?\n/, 1)[0] ?? "", secrets);
  const code = said(error, "code");
  const isChallenge = readChallenge(response) !== undefined;
  if (status < 400 || (code === "" && !isChallenge)) return undefined;
  return {
    status,
    code: code === "" ? undefined : code,
    innerCode: said(property(error, "innererror"), "code"),
    message: said(error, "message"),
    correlationId: redact(headers.get("x-ms-request-id") ?? "unknown"),
    retryAfter: retryAfter(headers),
  };
}

export function describeRefusal({
  status,
  code,
  innerCode,
  message,
  correlationId,
}: VaultRefusal): string {
  const inner = innerCode === "" ? "" : ` (${innerCode})`;
  const said = message === "" ? "" : `: ${message.replace(/\.$/, "")}`;
  return `${String(status)} ${code ?? "without an error code"}${inner}${said} (request id ${correlationId})`;
}
