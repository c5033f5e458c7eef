import { createHash } from "node:crypto";
import { currentKeyName, nextRotationAt, other } from "./decision";
import {
  type KeyName,
  type KeyVerification,
  type RotationInputs,
  type RotationOutputs,
  VALUES,
} from "./properties";

/** Both keys of an account, by their name. */
export type AccountKeys = Readonly<Record<KeyName, string>>;

/** What Azure told, and when, that goes into the outputs beside the inputs. */
export interface Findings {
  readonly keys: AccountKeys;
  readonly accountEndpoint: string;
  readonly keyVerification: KeyVerification;
  /** UTC, ISO 8601; undefined while nothing was rotated. */
  readonly rotatedAt: string | undefined;
  /** UTC, ISO 8601; undefined unless the inputs have a key revoked. */
  readonly previousKeyRevokedAt?: string | undefined;
}

/**
 * The complete outputs: an update's outputs replace the old ones, so nothing may be left out, and
 * nothing may be undefined (the engine's serialization refuses it after the key has changed).
 * @param keyInUse the key that consumers hold; it differs from what the inputs say only while a
 *   rotation is unfinished.
 */
export function composeOutputs(
  inputs: RotationInputs,
  { keys, accountEndpoint, keyVerification, rotatedAt, previousKeyRevokedAt }: Findings,
  keyInUse: KeyName = currentKeyName(inputs),
): RotationOutputs {
  const next = nextRotationAt(inputs.rotationDecidedAt, inputs)?.toISOString();
  const found = {
    primaryKey: keys.Primary,
    secondaryKey: keys.Secondary,
    currentKey: keys[keyInUse],
    previousKey: keys[other(keyInUse)],
    currentKeyName: keyInUse,
    accountEndpoint,
    primaryKeyFingerprint: fingerprint(keys.Primary),
    secondaryKeyFingerprint: fingerprint(keys.Secondary),
    keyVerification,
    ...(rotatedAt === undefined ? {} : { rotatedAt }),
    ...(inputs.keyToRevoke === undefined || previousKeyRevokedAt === undefined
      ? {}
      : { previousKeyRevokedAt }),
    ...(next === undefined ? {} : { nextRotationAt: next }),
  };
  // One literal with the inputs spread into it takes Node.js several times as long.
  return Object.assign({}, inputs, found);
}

/** What is in state of what Azure told. */
export function findingsOf(outputs: RotationOutputs): Findings {
  const { primaryKey, secondaryKey, accountEndpoint, keyVerification } = outputs;
  const { rotatedAt, previousKeyRevokedAt } = outputs;
  const keys = { Primary: primaryKey, Secondary: secondaryKey };
  return { keys, accountEndpoint, keyVerification, rotatedAt, previousKeyRevokedAt };
}

/** Tells keys apart in a diff without telling the key: the first 16 hex digits of its SHA-256. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}

/** The fingerprints of both keys, by their name. */
export type Fingerprints = Readonly<Record<KeyName, string>>;

export function fingerprintsOf(keys: AccountKeys): Fingerprints {
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
