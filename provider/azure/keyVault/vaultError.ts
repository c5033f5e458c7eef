import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { AzureError, type Outcome } from "../errors";
import { foreignAnswer } from "../http/failures";
import { describeRefusal, readRefusal, type VaultRefusal } from "./vaultRefusal";
import { vaultRemediation } from "./vaultRemediation";

/** A key vault refused a call. */
export class VaultError extends AzureError {
  /** The inner code, or the code where there is none. */
  readonly reason: string;
  /** The status by the name that Microsoft's pollers know it by. */
  readonly statusCode: number;

  constructor(message: string, outcome: Outcome, refusal: VaultRefusal) {
    super(message, outcome, refusal);
    this.reason = refusal.innerCode === "" ? (refusal.code ?? "") : refusal.innerCode;
    this.statusCode = refusal.status;
  }
}

/**
 * The error for an answer that is not a key vault's success.
 * @param failure what failed: "could not read secret …".
 * @param secrets what the request held that no message may.
 */
export function vaultError(
  response: PipelineResponse,
  failure: string,
  vault: string,
  secrets: readonly string[],
): AzureError {
  const refusal = readRefusal(response, secrets);
  if (refusal === undefined) {
    const { problem, next } = foreignAnswer(response, `key vault ${vault}`);
    return new AzureError(`${failure}: ${problem}. Next: ${next}`, "unknown");
  }
  const { status } = refusal;
  return new VaultError(
    `${failure}: ${describeRefusal(refusal)}. Next: ${vaultRemediation(refusal, vault)}`,
    // A 408 or a 5xx can come from a gateway that gave up waiting.
    status === 408 || status >= 500 ? "unknown" : "refused",
    refusal,
  );
}
