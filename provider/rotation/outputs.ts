import { createHash } from "node:crypto";
import { currentKeyName, nextRotationAt, other } from "./decision";
import {
  type KeyName,
  type KeyVaultSecret,
  type KeyVerification,
  type RotationInputs,
  type RotationOutputs,
  VALUES,
} from "./properties";

/** Both keys of an account, by their name. */
export type AccountKeys = Readonly<Record<KeyName, string>>;

/** What Azure told, and when, that goes into the outputs beside the inputs. */
export interface Findings {
  readonly fingerprints: Fingerprints;
  /** Undefined where they were not read anew, and are not in state. */
  readonly keys: AccountKeys | undefined;
  readonly accountEndpoint: string;
  readonly keyVerification: KeyVerification;
  /** UTC, ISO 8601; undefined while nothing was rotated. */
  readonly rotatedAt: string | undefined;
  /** UTC, ISO 8601; undefined unless the inputs have a key revoked. */
  readonly previousKeyRevokedAt?: string | undefined;
  /** The version of the Key Vault secret that holds the current key; undefined if none does. */
  readonly secretVersion?: string | undefined;
}

/**
 * The complete outputs: an update's outputs replace the old ones, so nothing may be left out, and
 * nothing may be undefined (the engine's serialization refuses it after the key has changed).
 * @param keyInUse the key that consumers hold; it differs from what the inputs say only while a
 *   rotation is unfinished.
 */
export function composeOutputs(
  inputs: RotationInputs,
  findings: Findings,
  keyInUse: KeyName = currentKeyName(inputs),
): RotationOutputs {
  const { keys, fingerprints, rotatedAt, previousKeyRevokedAt, secretVersion } = findings;
  // Spread into a literal with properties behind it, the inputs take Node.js several times as long.
  const outputs: Writable<RotationOutputs> = Object.assign({}, inputs, {
    currentKeyName: keyInUse,
    accountEndpoint: findings.accountEndpoint,
    primaryKeyFingerprint: fingerprints.Primary,
    secondaryKeyFingerprint: fingerprints.Secondary,
    keyVerification: findings.keyVerification,
  });
  if (inputs.keyVaultSecret !== undefined) {
    outputs.secretUri = secretUri(inputs.keyVaultSecret);
    if (secretVersion !== undefined) outputs.secretVersion = secretVersion;
  } else if (keys !== undefined) {
    outputs.primaryKey = keys.Primary;
    outputs.secondaryKey = keys.Secondary;
    outputs.currentKey = keys[keyInUse];
    outputs.previousKey = keys[other(keyInUse)];
  }
  if (rotatedAt !== undefined) outputs.rotatedAt = rotatedAt;
  if (inputs.keyToRevoke !== undefined && previousKeyRevokedAt !== undefined) {
    outputs.previousKeyRevokedAt = previousKeyRevokedAt;
  }
  const next = nextRotationAt(inputs.rotationDecidedAt, inputs);
  if (next !== undefined) outputs.nextRotationAt = next.toISOString();
  return outputs;
}

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** The secret's URI, without a version. */
function secretUri({ vaultUri, name = "" }: KeyVaultSecret): string {
  return new URL(`secrets/${name}`, vaultUri).href;
}

/** What is in state of what Azure told. */
export function findingsOf(outputs: RotationOutputs): Findings {
  const { primaryKey, secondaryKey } = outputs;
  const { accountEndpoint, keyVerification, rotatedAt, previousKeyRevokedAt } = outputs;
  return {
    fingerprints: fingerprintsInState(outputs),
    keys:
      primaryKey === undefined || secondaryKey === undefined
        ? undefined
        : { Primary: primaryKey, Secondary: secondaryKey },
    accountEndpoint,
    keyVerification,
    rotatedAt,
    previousKeyRevokedAt,
    secretVersion: outputs.secretVersion,
  };
}

/** Tells keys apart in a diff without telling the key: the first 16 hex digits of its SHA-256. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}

/** The fingerprints of both keys, by their name. */
export type Fingerprints = Readonly<Record<KeyName, string>>;

/** Keys as they were read, or answered. */
export interface KeysRead {
  readonly keys: AccountKeys;
  readonly fingerprints: Fingerprints;
}

export function keysRead(keys: AccountKeys): KeysRead {
  return { keys, fingerprints: fingerprintsOf(keys) };
}

function fingerprintsOf(keys: AccountKeys): Fingerprints {
  return { Primary: fingerprint(keys.Primary), Secondary: fingerprint(keys.Secondary) };
}

export function fingerprintsInState(outputs: RotationOutputs): Fingerprints {
  return { Primary: outputs.primaryKeyFingerprint, Secondary: outputs.secondaryKeyFingerprint };
}

/** The keys whose fingerprints differ, by name. */
export function changedKeys(outputs: RotationOutputs, keys: AccountKeys): KeyName[] {
  const known = fingerprintsInState(outputs);
  return VALUES.KeyName.filter((name) => known[name] !== fingerprint(keys[name]));
}
