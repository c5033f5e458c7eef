/**
 * Why signing in failed, where more is known about it than what the method as a whole tells. The
 * words are our own: what they quote of others has gone through `redact`.
 */
export class SignInProblem extends Error {
  /** @param next what the user does about it, for the end of the message. */
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}

/**
 * Who was asked for a token gave no answer, or one that says nothing of who signs in. The message is
 * the network's, or the service's.
 */
export class NoAnswer extends Error {
  /** @param service who was asked. */
  constructor(
    readonly service: string,
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}
