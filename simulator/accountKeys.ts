import { randomBytes } from "node:crypto";

/** The names that Batch gives to the two keys of an account. */
export type KeyName = "Primary" | "Secondary";

/** Both keys, as `listKeys` answers them: base64 of 64 random bytes each. */
export interface KeyPair {
  readonly primary: string;
  readonly secondary: string;
}

interface Key {
  readonly value: string;
  /** The data plane takes the key from this moment on, in milliseconds since 1970. */
  readonly acceptedFrom: number;
}

/** The two keys of an account, and which of them the data plane takes at a moment. */
export class AccountKeys {
  readonly #keys: Record<KeyName, Key>;

  constructor(now: number) {
    this.#keys = {
      Primary: { value: generateKey(), acceptedFrom: now },
      Secondary: { value: generateKey(), acceptedFrom: now },
    };
  }

  get pair(): KeyPair {
    return { primary: this.#keys.Primary.value, secondary: this.#keys.Secondary.value };
  }

  /** Replaces one key. The old value stops at once; the new one starts at `acceptedFrom`. */
  regenerate(keyName: KeyName, acceptedFrom: number): void {
    this.#keys[keyName] = { value: generateKey(), acceptedFrom };
  }

  /** The values that sign a valid request at this moment. */
  acceptedAt(now: number): string[] {
    return Object.values(this.#keys)
      .filter((key) => key.acceptedFrom <= now)
      .map((key) => key.value);
  }
}

/** Azure marks its newer keys with "+ABa"; secret scanners would report a key that bears it. */
function generateKey(): string {
  let key: string;
  do {
    key = randomBytes(64).toString("base64");
  } while (key.includes("+ABa"));
  return key;
}
