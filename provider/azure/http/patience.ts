import type { PipelineRequest } from "@azure/core-rest-pipeline";

export interface PatienceOptions {
  /** Tells the user what is being waited for. @default nobody is told */
  readonly tell?: (message: string) => void;
  /** Milliseconds after which, and at which intervals, the user is told. @default 10000 */
  readonly tellAfter?: number;
  /** Milliseconds after which a call waits for nothing more. @default 1800000 (half an hour) */
  readonly longestCall?: number;
}

/** A call under way: all attempts at one request, and the waits between them. */
interface Call {
  /** What it is to do: "read Batch account …". */
  readonly what: string;
  readonly since: number;
  /** What it waits for now. */
  waitsFor: string;
  /** Attempts that failed in a way that may pass. */
  failures: number;
}

/** Knows the calls under way: how long each has taken, how often it has failed. */
export class Patience {
  readonly #calls = new Map<PipelineRequest, Call>();
  readonly #options: PatienceOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  async during<Result>(
    request: PipelineRequest,
    what: string,
    call: () => Promise<Result>,
  ): Promise<Result> {
    const waitsFor = "an answer";
    this.#calls.set(request, { what, since: performance.now(), waitsFor, failures: 0 });
    const { tellAfter = 10_000 } = this.#options;
    this.#timer ??= setInterval(() => {
      this.#tell(tellAfter);
    }, tellAfter).unref();
    try {
      return await call();
    } finally {
      this.#calls.delete(request);
      if (this.#calls.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  /** Notes what a request waits for, in words that follow "waits for". */
  waitsFor(request: PipelineRequest, reason: string): void {
    const call = this.#calls.get(request);
    if (call !== undefined) call.waitsFor = reason;
  }

  /** Counts a failure of a request, and says the how manieth it is. */
  countFailure(request: PipelineRequest): number {
    const call = this.#calls.get(request);
    return call === undefined ? Infinity : (call.failures += 1);
  }

  /** How many milliseconds a request may still wait, all in all. */
  timeLeft(request: PipelineRequest): number {
    const { longestCall = 1_800_000 } = this.#options;
    const since = this.#calls.get(request)?.since ?? -Infinity;
    return Math.max(0, longestCall - (performance.now() - since));
  }

  /** One line for all calls, however many there are: the oldest stands for them. */
  #tell(tellAfter: number): void {
    const now = performance.now();
    const late = [...this.#calls.values()].filter(({ since }) => now - since >= tellAfter);
    const [oldest] = late; // a Map keeps the order in which calls began
    if (oldest === undefined) return;
    const seconds = String(Math.round((now - oldest.since) / 1_000));
    const others = ["", ", as does another request"][late.length - 1];
    this.#options.tell?.(
      `still at it for ${seconds} s: the request to ${oldest.what} waits for ${oldest.waitsFor}${others ?? `, as do ${String(late.length - 1)} others`}`,
    );
  }
}
