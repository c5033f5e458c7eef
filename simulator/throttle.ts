/** The kinds of request that Resource Manager counts apart. */
export type RequestKind = "reads" | "writes" | "deletes";

/** A token bucket: a request takes one token, and none left means 429. */
export interface TokenBucketOptions {
  /** Requests that a full bucket admits at once. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** The buckets of each subscription; what is left out has Azure's own size. */
export interface ThrottleOptions {
  /** @default { capacity: 250, refillPerSecond: 25 } */
  readonly reads?: TokenBucketOptions;
  /**
   * PUT, PATCH and POST, `listKeys` included.
   * @default { capacity: 200, refillPerSecond: 10 }
   */
  readonly writes?: TokenBucketOptions;
  /** @default { capacity: 200, refillPerSecond: 10 } */
  readonly deletes?: TokenBucketOptions;
}

const azureBuckets: Required<ThrottleOptions> = {
  reads: { capacity: 250, refillPerSecond: 25 },
  writes: { capacity: 200, refillPerSecond: 10 },
  deletes: { capacity: 200, refillPerSecond: 10 },
};

interface Bucket {
  tokens: number;
  refilledAt: number;
}

/**
 * Resource Manager's throttling. Azure keeps buckets per subscription, principal and region;
 * the simulator has one principal and one region.
 */
export class Throttle {
  /** Requests refused so far. */
  refused = 0;

  readonly #limits: Required<ThrottleOptions>;
  readonly #enforced: boolean;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: ThrottleOptions | boolean, now: () => number) {
    this.#enforced = options !== false;
    this.#limits = { ...azureBuckets, ...(typeof options === "object" ? options : {}) };
    this.#now = now;
  }

  /** Takes a token; without one, answers the seconds until the next. */
  take(subscriptionId: string, kind: RequestKind): number | undefined {
    const bucket = this.#refilled(subscriptionId, kind);
    if (bucket.tokens >= 1) {
      bucket.tokens -= this.#enforced ? 1 : 0;
      return undefined;
    }
    this.refused += 1;
    return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#limits[kind].refillPerSecond));
  }

  remaining(subscriptionId: string, kind: RequestKind): number {
    return Math.floor(this.#refilled(subscriptionId, kind).tokens);
  }

  #refilled(subscriptionId: string, kind: RequestKind): Bucket {
    const { capacity, refillPerSecond } = this.#limits[kind];
    const now = this.#now();
    const key = `${subscriptionId.toLowerCase()} ${kind}`;
    const bucket = this.#buckets.get(key) ?? { tokens: capacity, refilledAt: now };
    const refill = ((now - bucket.refilledAt) / 1000) * refillPerSecond;
    bucket.tokens = Math.min(capacity, bucket.tokens + refill);
    bucket.refilledAt = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
