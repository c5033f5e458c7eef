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
