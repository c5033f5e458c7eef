/** A token bucket: a request takes one token, and none left means 429. */
export interface TokenBucketOptions {
  /** Requests that a full bucket admits at once. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** A bucket that fills by itself, up to its capacity. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  readonly #now: () => number;
  #tokens: number;
  #refilledAt: number;

  constructor(options: TokenBucketOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
    this.#tokens = options.capacity;
    this.#refilledAt = now();
  }

  /** Whole tokens left. */
  get remaining(): number {
    this.#refill();
    return Math.floor(this.#tokens);
  }

  /** Takes a token; without one, answers the seconds until the next. */
  take(): number | undefined {
    this.#refill();
    if (this.#tokens < 1) {
      return Math.max(1, Math.ceil((1 - this.#tokens) / this.#options.refillPerSecond));
    }
    this.#tokens -= 1;
    return undefined;
  }

  #refill(): void {
    const now = this.#now();
    const refill = ((now - this.#refilledAt) / 1000) * this.#options.refillPerSecond;
    this.#tokens = Math.min(this.#options.capacity, this.#tokens + refill);
    this.#refilledAt = now;
  }
}
