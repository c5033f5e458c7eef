import type { PipelineRequest } from "@azure/core-rest-pipeline";

export interface InFlightCallsOptions {
  /** Tells the user what is being waited for. @default nobody is told */
  readonly log?: (message: string) => void;
  /** Milliseconds after which a call is told of, and between one message and the next. @default 10000 */
  readonly logAfter?: number;
}

/** All attempts at one request, and the waits between them. */
interface Call {
  /** What it is to do: "read Batch account …". */
  readonly what: string;
  readonly since: number;
  /** Milliseconds after which it waits for nothing more. */
  readonly longest: number;
  /** What it waits for now, in words that follow "waits for". */
  waitsFor: string;
  /** Attempts that failed in a way that may pass. */
  failures: number;
}

/**
 * The calls of a process that are under way: how long each has taken, how often it has failed. The
 * user is told of those that take long, in one line however many they are.
 */
export class InFlightCalls {
  readonly #calls = new Map<PipelineRequest, Call>();
  readonly #log: (message: string) => void;
  readonly #logAfter: number;
  #timer: NodeJS.Timeout | undefined;
  #loggedAt = -Infinity;

  constructor({ log = () => undefined, logAfter = 10_000 }: InFlightCallsOptions = {}) {
    this.#log = log;
    this.#logAfter = logAfter;
  }

  /** @param longest milliseconds after which the call waits for nothing more. */
  async during<Result>(
    request: PipelineRequest,
    what: string,
    longest: number,
    call: () => Promise<Result>,
  ): Promise<Result> {
    const since = performance.now();
    this.#calls.set(request, { what, since, longest, waitsFor: "an answer", failures: 0 });
    this.#timer ??= setInterval(() => {
      this.#logLateCalls();
    }, this.#logAfter / 10).unref();
    try {
      return await call();
    } finally {
      this.#calls.delete(request);
    }
  }

  /** Notes what a request waits for, in words that follow "waits for". */
  waitsFor(request: PipelineRequest, reason: string): void {
    this.#call(request).waitsFor = reason;
  }

  /** Counts a failure of a request; returns how many there have been. */
  countFailure(request: PipelineRequest): number {
    return (this.#call(request).failures += 1);
  }

  /** How many milliseconds a request may still wait, all in all. */
  timeLeft(request: PipelineRequest): number {
    const { since, longest } = this.#call(request);
    return Math.max(0, longest - (performance.now() - since));
  }

  #call(request: PipelineRequest): Call {
    const call = this.#calls.get(request);
    if (call === undefined) throw new Error("a request is sent outside of a call");
    return call;
  }

  #logLateCalls(): void {
    const now = performance.now();
    const [oldest] = this.#calls.values(); // a Map keeps the order in which they began
    if (oldest === undefined) {
      // Here, not as soon as there is none: calls follow one another.
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (now - Math.max(oldest.since, this.#loggedAt) < this.#logAfter) return;
    this.#loggedAt = now;
    const seconds = String(Math.round((now - oldest.since) / 1_000));
    const others = this.#calls.size - 1;
    const more = others === 0 ? "" : `; ${String(others)} more under way`;
    this.#log(
      `waiting for ${seconds} s: the request to ${oldest.what} waits for ${oldest.waitsFor}${more}`,
    );
  }
}
