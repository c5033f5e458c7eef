/**
 * What a failed call to Azure did there, which decides what may be done next:
 * "refused", nothing changed; "unknown", the request may have been executed although no usable
 * answer came back.
 */
export type Outcome = "refused" | "unknown";

/** What an error answer of Azure Resource Manager says of itself. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly correlationId: string | undefined;
}

/**
 * A call to Azure that failed. The message is whole and safe to print: what failed, on which
 * account, what Azure said, what to do next.
 */
export class AzureError extends Error {
  override readonly name = "AzureError";
  readonly outcome: Outcome;
  /** The HTTP status of the answer, if there was one. */
  readonly status: number | undefined;

  constructor(message: string, outcome: Outcome, status?: number) {
    super(message);
    this.outcome = outcome;
    this.status = status;
  }
}
