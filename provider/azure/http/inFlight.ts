import type { PipelineRequest } from "@azure/core-rest-pipeline";

export interface InFlightCallsOptions {
  /** Tells the user what is being waited for. @default nobody is told */
  readonly log?: (message: string) => void;
  /**
   * Tells whether what a call is made for is to end, by a signal whose reason says why: "it was
   * interrupted". Then the call waits for nothing more; an attempt under way gets its answer.
   * @default it goes on
   */
  readonly signal?: () => AbortSignal | undefined;
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
  readonly signal: AbortSignal | undefined;
  /** What it waits for now, in words that follow "waits for". */
  waitsFor: string;
  /** Whether an attempt is under way, which may come to something. */
  isSent: boolean;
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
  readonly #signal: () => AbortSignal | undefined;
  readonly #logAfter: number;
  #timer: NodeJS.Timeout | undefined;
  #loggedAt = -Infinity;

  constructor({
    log = () => undefined,
    signal = () => undefined,
    logAfter = 10_000,
  }: InFlightCallsOptions = {}) {
    this.#log = log;
    this.#signal = signal;
    this.#logAfter = logAfter;
  }

  /**
   * @param longest milliseconds after which the call waits for nothing more.
   * @throws InterruptedCall when it is to end and waits.
   */
  async during<Result>(
    request: PipelineRequest,
    what: string,
    longest: number,
    call: () => Promise<Result>,
  ): Promise<Result> {
    const since = performance.now();
    const signal = this.#signal();
    const made: Call = {
      ...{ what, since, longest, signal },
      ...{ waitsFor: "its first attempt", isSent: false, failures: 0 },
    };
    this.#calls.set(request, made);
    this.#timer ??= setInterval(() => {
      this.#logLateCalls();
    }, this.#logAfter / 10).unref();
    try {
      return await (signal === undefined ? call() : untilInterrupted(made, signal, call));
    } finally {
      this.#calls.delete(request);
    }
  }

  /** Notes what a request waits for, in words that follow "waits for", before it is sent. */
  waitsFor(request: PipelineRequest, reason: string): void {
    const call = this.#call(request);
    call.waitsFor = reason;
    call.isSent = false;
  }

  /**
   * Notes that a request is sent.
   * @throws Error for one whose call has ended: it was interrupted while it waited.
   */
  sends(request: PipelineRequest): void {
    const call = this.#call(request);
    call.waitsFor = "an answer";
    call.isSent = true;
  }

  /** Counts a failure of a request; returns how many there have been. */
  countFailure(request: PipelineRequest): number {
    return (this.#call(request).failures += 1);
  }

  /** How many milliseconds a request may still wait, all in all. */
  timeLeft(request: PipelineRequest): number {
    const { since, longest, signal } = this.#call(request);
    if (signal?.aborted === true) return 0;
    return Math.max(0, longest - (performance.now() - since));
  }

  #call(request: PipelineRequest): Call {
    const call = this.#calls.get(request);
    if (call === undefined) throw new Error("a request goes on outside of its call");
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

/** A call that was to end while it waited: no attempt of it was under way. */
export class InterruptedCall extends Error {}

/**
 * Ends a call as soon as its signal says so and it waits. What its pipeline waits for goes on to its
 * end, but is sent no more.
 */
async function untilInterrupted<Result>(
  made: Call,
  signal: AbortSignal,
  call: () => Promise<Result>,
): Promise<Result> {
  let interrupt: (() => void) | undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt = () => {
      if (made.isSent) return; // it gets its answer, and then no further attempt
      const reason = `${String(signal.reason)} when it waited for ${made.waitsFor}`;
      reject(new InterruptedCall(reason));
    };
    signal.addEventListener("abort", interrupt);
  });
  try {
    return await Promise.race([call(), interrupted]);
  } finally {
    if (interrupt !== undefined) signal.removeEventListener("abort", interrupt);
  }
}
