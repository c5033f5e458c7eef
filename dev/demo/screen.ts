import { type Report, streamReporter } from "../progress";

export interface ScreenOptions {
  readonly write: (text: string) => unknown;
  /** Whether what is written can be rewritten: a terminal. */
  readonly live: boolean;
  readonly columns: number | undefined;
}

/** Writes whole lines, and on a terminal a line that tells what is going on until the next one. */
export class Screen {
  readonly #report: Report;
  readonly #live: boolean;
  #clock: NodeJS.Timeout | undefined;

  constructor({ write, live, columns }: ScreenOptions) {
    this.#live = live;
    this.#report = streamReporter({ write, isTTY: live, ...(columns && { columns }) });
  }

  print(text: string): void {
    clearInterval(this.#clock);
    this.#report({ message: text, transient: false });
  }

  /** Stays until something is printed. */
  running(title: string): void {
    if (!this.#live) return;
    clearInterval(this.#clock);
    const startedAt = Date.now();
    const show = (): void => {
      const seconds = Math.floor((Date.now() - startedAt) / 1_000);
      this.#report({
        message: `${title.padEnd(14)}  running… ${String(seconds)} s`,
        transient: true,
      });
    };
    show();
    this.#clock = setInterval(show, 1_000);
  }
}
