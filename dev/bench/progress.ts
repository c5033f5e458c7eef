import { streamReporter, type ProgressStream, type Report } from "../progress";

/** Shows on a stream what is being measured, with a clock, so that minutes do not look like a halt. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #report: Report;
  readonly #clock: NodeJS.Timeout;
  #what = "";
  #startedAt = Date.now();

  constructor(stream: ProgressStream) {
    this.#stream = stream;
    this.#report = streamReporter(stream);
    this.#clock = setInterval(() => {
      this.#show();
    }, 1_000);
  }

  /** Takes the place of what was shown before. */
  show(what: string): void {
    this.#what = what;
    this.#startedAt = Date.now();
    this.#show();
  }

  /** Makes room on a terminal for something that is printed. */
  hide(): void {
    this.#what = "";
    if (this.#stream.isTTY === true) this.#report({ message: "", transient: true });
  }

  stop(): void {
    clearInterval(this.#clock);
    this.hide();
  }

  #show(): void {
    if (this.#what === "") return;
    const seconds = Math.floor((Date.now() - this.#startedAt) / 1_000);
    this.#report({ message: `${this.#what}… ${String(seconds)} s`, transient: true });
  }
}
