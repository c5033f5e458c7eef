import type { Findings, KeysRead } from "../rotation/outputs";
import type { KeyName, RotationInputs } from "../rotation/properties";

/** What came of carrying out a decision, once at least one key has changed or was read. */
export interface Rotation {
  readonly findings: Findings;
  /** Whether every key that the decision names was regenerated. */
  readonly regenerated: boolean;
  /** Why the new keys may not be handed out, in words for a user; undefined when they may. */
  readonly trouble: string | undefined;
}

/** What was done so far for one decision. */
export interface Progress {
  /** The keys that were regenerated. */
  readonly regenerated: Set<KeyName>;
  /** Both keys as they were seen last. */
  keys?: KeysRead;
  /** When the last of them was regenerated; UTC, ISO 8601. */
  rotatedAt?: string;
  /** A request that may have been executed, and the key's fingerprint before it, if that is known. */
  unsettled?: { readonly keyName: KeyName; readonly before: string | undefined };
  /** The fingerprint of the key that the data plane refused last. */
  rejected?: string;
  /** How far the last try has come since a key changed: the least that state must have. */
  lastTry?: Omit<Rotation, "trouble">;
}

/** A decision to rotate, or to revoke both keys. */
type Decision = RotationInputs | "revoke";

/**
 * What this process has done for each account and decision. The engine may ask it again (an onError
 * hook), with what was in state before: then it goes on from here, and regenerates no key twice.
 */
export class ProgressByDecision {
  readonly #progress = new Map<string, Progress>();

  of(accountId: string, decision: Decision): Progress {
    const name = nameOf(accountId, decision);
    const progress: Progress = this.#progress.get(name) ?? { regenerated: new Set() };
    this.#progress.set(name, progress);
    return progress;
  }

  /** Forgets what has been finished. */
  finish(accountId: string, decision: Decision): void {
    this.#progress.delete(nameOf(accountId, decision));
  }
}

function nameOf(accountId: string, decision: Decision): string {
  const parts =
    decision === "revoke"
      ? [decision]
      : [
          decision.generation,
          decision.keyToRotate,
          decision.version,
          decision.rotationDecidedAt,
          decision.keyToRevoke,
        ];
  return JSON.stringify([accountId.toLowerCase(), ...parts]);
}
