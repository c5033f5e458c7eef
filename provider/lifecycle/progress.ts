import type { AccountKeys, KeyName } from "../azure/batchAccounts";
import type { Rotation } from "./rotateKeys";

/**
 * What this process has done for one decision. The engine may ask it again (an onError hook), with
 * what was in state before: then it goes on from here, and regenerates no key twice.
 */
export interface Progress {
  /** The keys that were regenerated. */
  readonly regenerated: Set<KeyName>;
  /** Both keys as they were seen last. */
  keys?: AccountKeys;
  /** When the last of them was regenerated; UTC, ISO 8601. */
  rotatedAt?: string;
  /** A request that may have been executed, and the key's value before it, if that is known. */
  unsettled?: { readonly keyName: KeyName; readonly before: string | undefined };
  /** The key that the data plane refused last. */
  rejected?: string;
  /** What was told of a try after a key had changed: the least that state must have. */
  told?: Rotation;
}

export function nothingDone(): Progress {
  return { regenerated: new Set() };
}
