import { setTimeout as delay } from "node:timers/promises";
import type { DataPlane } from "./dataPlane";

const PAUSE_MS = 200;

/**
 * A consumer of the account's key: it signs in all the time, while Pulumi runs as well, with the
 * key it was given last. A check after a step would not see a key that fails for a moment.
 */
export class Application {
  signIns = 0;
  /** Sign-ins that did not succeed, whatever the reason: the application could not work. */
  failures = 0;

  readonly #dataPlane: DataPlane;
  readonly #stopping = new AbortController();
  readonly #work: Promise<void>;
  #key: string;

  constructor(dataPlane: DataPlane, key: string) {
    this.#dataPlane = dataPlane;
    this.#key = key;
    this.#work = this.#signInAllTheTime();
  }

  /** Hands the application the key to use from now on. */
  use(key: string): void {
    this.#key = key;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  async #signInAllTheTime(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const accepted = await this.#dataPlane(this.#key).catch(() => false);
      this.signIns += 1;
      this.failures += accepted ? 0 : 1;
      // The pause ends early when the application stops.
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
