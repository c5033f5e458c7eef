import { TokenBucket, type TokenBucketOptions } from "./tokenBucket";

/** The kinds of request that Resource Manager counts apart. */
export type RequestKind = "reads" | "writes" | "deletes";

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
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: ThrottleOptions | boolean, now: () => number) {
    this.#enforced = options !== false;
    this.#limits = { ...azureBuckets, ...(typeof options === "object" ? options : {}) };
    this.#now = now;
  }

  /** Takes a token; without one, answers the seconds until the next. */
  take(subscriptionId: string, kind: RequestKind): number | undefined {
    if (!this.#enforced) return undefined;
    const seconds = this.#bucket(subscriptionId, kind).take();
    if (seconds !== undefined) this.refused += 1;
    return seconds;
  }

  remaining(subscriptionId: string, kind: RequestKind): number {
    return this.#bucket(subscriptionId, kind).remaining;
  }

  #bucket(subscriptionId: string, kind: RequestKind): TokenBucket {
    const key = `${subscriptionId.toLowerCase()} ${kind}`;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#limits[kind], this.#now);
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
