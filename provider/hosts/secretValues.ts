import { SECRET_OUTPUTS } from "../rotation/properties";

/**
 * How Pulumi's gRPC tells a secret from other values.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/runtime/rpc.ts (specialSigKey, specialSecretSig)
 */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const OF_SECRETS = "1b47061264138c4ac30d75fd1eb44270";

/** A secret on its way to the engine, or from it. */
export interface SecretValue {
  readonly [SIGNATURE]: string;
  readonly value: unknown;
}

export function secretValue(value: unknown): SecretValue {
  return { [SIGNATURE]: OF_SECRETS, value };
}

export function isSecretValue(value: unknown): value is SecretValue {
  return (
    typeof value === "object" && value !== null && (value as SecretValue)[SIGNATURE] === OF_SECRETS
  );
}

/**
 * Properties with the account's keys among them marked as secrets: the engine encrypts them in state,
 * and gives them to hooks as secrets, whatever a program, or an import, makes of them.
 * @param others names of properties that are secrets besides, because the program's are.
 */
export function withSecrets(
  properties: object,
  others: Iterable<string> = [],
): Record<string, unknown> {
  const marked: Record<string, unknown> = { ...properties };
  for (const name of new Set([...SECRET_OUTPUTS, ...others])) {
    if (name in marked) marked[name] = secretValue(marked[name]);
  }
  return marked;
}
