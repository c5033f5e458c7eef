/**
 * What a failed call to Azure did there, which decides what may be done next:
 * "refused", nothing changed; "unknown", the request may have been executed although no usable
 * answer came back.
 */
export type Outcome = "refused" | "unknown";

/** What an error answer of Azure Resource Manager says of itself. */
export interface ErrorAnswer {
  readonly status: number;
  /** The ARM error code; undefined if the answer has none. */
  readonly code: string | undefined;
  readonly message: string;
  /** "unknown" if the answer has none. */
  readonly correlationId: string;
  /** When to come back, as the answer asks, in milliseconds. */
  readonly retryAfter: number | undefined;
}

/** An answer without the form that its API version promises; the message says what is wrong. */
export class MalformedAnswer extends Error {}

/**
 * The codes of a 404 that speak of the account. Others speak of the API (a retired version, say), or
 * of who asks: they must not take an account out of state.
 */
const GONE = new Set(["AccountNotFound", "ResourceNotFound", "ResourceGroupNotFound"]);

/**
 * Something failed before a call was sent: a setting, the sign-in, a proxy's address. The message is
 * whole and safe to print.
 */
export class NotSentError extends Error {
  override readonly name = "NotSentError";

  /**
   * @param problem what failed, and on what.
   * @param next what the user does about it.
   */
  constructor(problem: string, next: string) {
    super(`${problem}. Next: ${next}`);
  }
}

/**
 * Azure refused a call, or gave no usable answer to it. The message is whole and safe to print: what
 * failed, on what, what Azure said, what to do next.
 */
export class AzureError extends Error {
  override readonly name = "AzureError";
  readonly outcome: Outcome;
  /** The HTTP status of Azure Resource Manager's answer; undefined if it gave none. */
  readonly status: number | undefined;
  /** Whether Azure Resource Manager said that the account, or its resource group, is not there. */
  readonly isGone: boolean;

  constructor(message: string, outcome: Outcome, answer?: ErrorAnswer) {
    super(message);
    this.outcome = outcome;
    this.status = answer?.status;
    this.isGone = answer?.status === 404 && GONE.has(answer.code ?? "");
  }
}
