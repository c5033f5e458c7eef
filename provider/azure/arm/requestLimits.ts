import { setTimeout as sleep } from "node:timers/promises";
import {
  type HttpHeaders,
  type PipelinePolicy,
  type PipelineResponse,
  RestError,
} from "@azure/core-rest-pipeline";
import AsyncLock from "async-lock";
import { TokenBucket } from "limiter";
import { NOT_ADMITTED } from "../http/failures";
import type { InFlightCalls } from "../http/inFlight";
import { retryAfter } from "../http/retry";

/**
 * The share of a bucket that is not used up in one go: it is for others, and for the time that
 * requests take to arrive, in which a full bucket does not refill.
 */
const RESERVE = 0.05;

interface Bucket {
  /** Requests that a full bucket admits at once. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** The requests that Azure Resource Manager counts apart; a POST is a write. */
export type RequestLimitOptions = Readonly<Record<"reads" | "writes", Bucket>>;

/** https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling */
const AZURE_LIMITS: RequestLimitOptions = {
  reads: { capacity: 250, refillPerSecond: 25 },
  writes: { capacity: 200, refillPerSecond: 10 },
};

/** How much of its share a process takes back with each answer, after a refusal has halved it. */
const SHARE_REGAINED = 0.01;
const SMALLEST_SHARE = 1 / 32;

/** For how long the first request of a kind goes alone at the most, in milliseconds. */
const PROBE_TIME = 1_000;

/**
 * The request limits of Azure Resource Manager, as one process sees them: a token bucket for the
 * reads and one for the writes of each subscription, kept in step with what each answer says is
 * left. So requests slow down before Azure has to refuse them, and one refusal slows them all.
 */
export class RequestLimits {
  readonly #options: RequestLimitOptions;
  readonly #buckets = new Map<string, MirroredBucket>();

  constructor(options: RequestLimitOptions = AZURE_LIMITS) {
    this.#options = options;
  }

  /**
   * Holds requests back until their subscription's limits admit them.
   * @param longestPause milliseconds; a refusal that asks for more delays no other request: Azure
   *   refuses the next one just as soon.
   */
  policy(calls: InFlightCalls, longestPause: number): PipelinePolicy {
    return {
      name: "requestLimits",
      sendRequest: async (request, next) => {
        const [, subscription] = /\/subscriptions\/([^/?]+)/i.exec(request.url) ?? [];
        if (subscription === undefined) return next(request);
        const bucket = this.#bucket(subscription, request.method === "GET" ? "reads" : "writes");
        const reason = `the request limits of subscription ${subscription}`;
        calls.waitsFor(request, reason);
        const response = await bucket.admit(calls.timeLeft(request), () => next(request));
        if (response === undefined) {
          throw new RestError(`${reason} would delay this request for too long`, {
            code: NOT_ADMITTED,
            request,
          });
        }
        if (response.status !== 429) return response;
        const pause = retryAfter(response.headers) ?? 0;
        if (pause <= longestPause) {
          // One that may be sent again at once is not refused for want of tokens.
          if (pause > 0) bucket.halve(response.headers);
          // A refusal of one kind is a warning to the other.
          this.#bucket(subscription, "reads").pause(pause);
          this.#bucket(subscription, "writes").pause(pause);
        }
        return response;
      },
    };
  }

  #bucket(subscription: string, kind: keyof RequestLimitOptions): MirroredBucket {
    const name = `${subscription.toLowerCase()} ${kind}`;
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const header = `x-ms-ratelimit-remaining-subscription-${kind}`;
    const bucket = new MirroredBucket(this.#options[kind], header);
    this.#buckets.set(name, bucket);
    return bucket;
  }
}

/** What this process believes to be in one of Azure's buckets. */
class MirroredBucket {
  readonly #tokens: TokenBucket;
  /** First come, first served. */
  readonly #queue = new AsyncLock({ maxPending: Infinity });
  readonly #capacity: number;
  readonly #refillPerSecond: number;
  /** Tells how many requests Azure would still admit. */
  readonly #header: string;
  #sent = 0;
  /** The numbers of the requests under way. */
  readonly #inFlight = new Set<number>();
  /** Whether answers say how many are left; undefined before the first that is of use. */
  #isCounted: boolean | undefined;
  #pausedUntil = -Infinity;
  /** The part of Azure's bucket that is this process's: others may use the same one all the time. */
  #share = 1;
  /** The first request, which finds out what earlier commands, or others, have left. */
  #probe: Promise<void> | undefined;
  #isProbed = false;

  constructor({ capacity, refillPerSecond }: Bucket, header: string) {
    this.#tokens = new TokenBucket({
      bucketSize: capacity,
      tokensPerInterval: refillPerSecond,
      interval: "second",
    });
    this.#capacity = capacity;
    this.#refillPerSecond = refillPerSecond;
    this.#header = header;
  }

  /** Sends a request when there is a token for it; undefined when there is none in time. */
  admit(
    longestWait: number,
    send: () => Promise<PipelineResponse>,
  ): Promise<PipelineResponse | undefined> {
    return this.#admitsNow() ? this.#send(send) : this.#admitLater(longestWait, send);
  }

  async #admitLater(
    longestWait: number,
    send: () => Promise<PipelineResponse>,
  ): Promise<PipelineResponse | undefined> {
    const deadline = performance.now() + longestWait;
    if (!(await this.#pauseEnds(deadline))) return undefined;
    if (this.#probe === undefined) {
      const first = this.#send(send);
      const late = sleep(PROBE_TIME, undefined, { ref: false });
      this.#probe = Promise.race([first.catch(() => undefined), late]).then(() => {
        this.#isProbed = true;
      });
      return first;
    }
    await this.#probe;
    const isAdmitted =
      this.#admitsNow() || (await this.#queue.acquire("", () => this.#takeToken(deadline)));
    return isAdmitted ? this.#send(send) : undefined;
  }

  #admitsNow(): boolean {
    const isFree = this.#isProbed && !this.#queue.isBusy() && !this.#isPaused();
    return isFree && this.#tokens.tryRemoveTokens(1);
  }

  /** Leaves half of its share to others, once for all refusals of one burst. */
  halve(headers: HttpHeaders): void {
    if (!this.#isPaused() && this.#isRefusal(headers)) this.#takeShare(this.#share / 2);
  }

  /**
   * Whether a 429 can be this bucket's. Where some are left, it is Batch that throttles, and to take
   * less of the bucket would help nobody. Azure's own may come without a count; but where nothing
   * ever counts, it may as well be a gateway's.
   * https://learn.microsoft.com/troubleshoot/azure/virtual-machines/troubleshooting-throttling-errors
   */
  #isRefusal(headers: HttpHeaders): boolean {
    const left = this.#left(headers);
    return left === undefined ? this.#isCounted === true : left < 1;
  }

  /** How many requests Azure would still admit; undefined if it does not say so. */
  #left(headers: HttpHeaders): number | undefined {
    const header = headers.get(this.#header);
    const left = header === undefined ? NaN : Math.max(0, Number(header));
    return Number.isFinite(left) ? left : undefined;
  }

  #takeShare(share: number): void {
    this.#share = Math.min(1, Math.max(SMALLEST_SHARE, share));
    this.#tokens.drip();
    this.#tokens.tokensPerInterval = this.#refillPerSecond * this.#share;
  }

  /** Lets nothing through for a while, and then one request, which finds out what is left. */
  pause(milliseconds: number): void {
    const tokens = this.#tokens;
    tokens.drip();
    const { tokensPerInterval, interval } = tokens;
    tokens.content = Math.min(tokens.content, 1 - (milliseconds * tokensPerInterval) / interval);
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + milliseconds);
  }

  /** Waits for a token; false, at once, if there will be none in time. */
  async #takeToken(deadline: number): Promise<boolean> {
    for (;;) {
      if (!(await this.#pauseEnds(deadline))) return false;
      if (this.#tokens.tryRemoveTokens(1)) return true;
      const wait = this.#tokens.getWaitTime(1);
      if (performance.now() + wait > deadline) return false;
      await sleep(wait);
    }
  }

  /** Waits for the end of a pause; false, at once, if that comes too late. */
  async #pauseEnds(deadline: number): Promise<boolean> {
    while (this.#isPaused()) {
      if (this.#pausedUntil > deadline) return false;
      await sleep(this.#pausedUntil - performance.now());
    }
    return true;
  }

  #isPaused(): boolean {
    return performance.now() < this.#pausedUntil;
  }

  async #send(send: () => Promise<PipelineResponse>): Promise<PipelineResponse> {
    const earlier = this.#inFlight.size;
    const number = (this.#sent += 1);
    this.#inFlight.add(number);
    try {
      const response = await send();
      const later = [...this.#inFlight].filter((each) => each > number).length;
      this.#learn(response, later, earlier + this.#sent - number);
      return response;
    } finally {
      this.#inFlight.delete(number);
    }
  }

  /**
   * Takes over what Azure says is left, which it rounds down. Azure had not counted the requests
   * that were sent later, or else it counts in another order than they were sent in; and it may have
   * counted none of those that were under way at the same time.
   */
  #learn({ headers, status }: PipelineResponse, later: number, atTheSameTime: number): void {
    if (this.#isPaused()) return; // an answer from before the refusal
    if (status === 429) return;
    // Whatever it counts: a share that nothing gives back would be lost for good.
    if (this.#share < 1) this.#takeShare(this.#share + SHARE_REGAINED);
    const left = this.#left(headers);
    const tokens = this.#tokens;
    tokens.drip();
    if (left !== undefined) {
      this.#isCounted = true;
      const most = left + 1 - later;
      const least = Math.min(left, this.#capacity) * (1 - RESERVE) * this.#share - atTheSameTime;
      tokens.content = Math.max(Math.min(tokens.content, most), least);
    } else if (this.#isCounted === undefined && status === 200) {
      // Something that does not count its requests, or does not say so.
      this.#isCounted = false;
      tokens.content = this.#capacity;
    }
  }
}
