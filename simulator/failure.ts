/** What a failure carries beside its code and message. */
export interface FailureDetails {
  readonly headers?: Readonly<Record<string, string>>;
  /** Resource Manager's `target`. */
  readonly target?: string;
  /** The Batch service's `AuthenticationErrorDetail`. */
  readonly authenticationErrorDetail?: string;
}

/** A request that a service refuses. Each service puts it into a body of its own form. */
export class Failure extends Error {
  override readonly name = "Failure";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: FailureDetails = {},
  ) {
    super(message);
  }
}
