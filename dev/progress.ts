/** The part of a stream that progress needs; process.stderr is one. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const CLEAR_LINE = "\r\u001b[2K";

/** Milliseconds between two looks at the clock. */
const TICK = 1_000;

/** Milliseconds between two lines in a log, where a line cannot be rewritten. */
const LOG_PAUSE = 15_000;

/**
 * Tells a person who waits what is going on, and for how long it has been. A terminal gets one line
 * that is rewritten; a log file or a CI job gets a line now and then.
 */
export class Progress {
  readonly #stream: ProgressStream;
  #what = "";
  #detail = "";
  #startedAt = 0;
  #shownAt = -Infinity;
  #isLineOpen = false;
  #clock: NodeJS.Timeout | undefined;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  /** Shows what begins now, in place of what was shown before, until something is printed. */
  begin(what: string): void {
    this.#what = what;
    this.#detail = "";
    this.#startedAt = Date.now();
    this.#show();
    this.#clock ??= setInterval(() => {
      this.#show();
    }, TICK).unref();
  }

  /** Adds how far it is. It need not be shown at once: this may be called as often as one likes. */
  detail(detail: string): void {
    this.#detail = detail;
    // A program that computes all the time leaves the clock no turn.
    if (Date.now() - this.#shownAt >= TICK) this.#show();
  }

  /** Prints lines that stay, and ends what was shown. */
  print(text: string): void {
    this.end();
    this.#stream.write(`${text}\n`);
  }

  /** Takes away what is shown. */
  end(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
    if (this.#isLineOpen) this.#stream.write(CLEAR_LINE);
    this.#isLineOpen = false;
  }

  #show(): void {
    const now = Date.now();
    const time = clockTime(now - this.#startedAt);
    const line = `${this.#what}… ${time}${this.#detail === "" ? "" : `, ${this.#detail}`}`;
    if (this.#stream.isTTY === true) {
      // A line that wraps cannot be cleared as one.
      this.#stream.write(CLEAR_LINE + line.slice(0, (this.#stream.columns ?? 80) - 1));
      this.#isLineOpen = true;
    } else if (now - this.#shownAt >= LOG_PAUSE) {
      this.#stream.write(`${line}\n`);
    } else {
      return;
    }
    this.#shownAt = now;
  }
}

/** Minutes and seconds. */
function clockTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`;
}
