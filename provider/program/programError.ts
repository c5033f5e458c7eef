import * as pulumi from "@pulumi/pulumi";

/**
 * A mistake of the user's program, for Pulumi to print as its message alone. Pulumi would look the
 * stack up in source maps, its own among them, which takes it many seconds, and not show it.
 */
export function programError(message: string, cause?: unknown): Error {
  const error = new pulumi.RunError(message);
  error.stack = "";
  if (cause !== undefined) error.cause = cause;
  return error;
}
