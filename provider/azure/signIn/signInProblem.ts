/** Why signing in failed, where more is known about it than what the method as a whole tells. */
export class SignInProblem extends Error {
  /** @param next what the user does about it, for the end of the message. */
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}
