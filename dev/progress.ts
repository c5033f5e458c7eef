/** One thing a person who waits wants to know. */
export interface ProgressEvent {
  readonly message: string;
  /** The next event takes this one's place: a clock that ticks, not a line for the log. */
  readonly transient: boolean;
}

export type Report = (event: ProgressEvent) => void;

/** The part of a stream the reporter needs; process.stderr is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const CLEAR_LINE = "\r\u001b[2K";

/**
 * Shows progress on a stream. A terminal gets one line that is rewritten; a log file or a CI job
 * gets a transient event as a line of its own, and no more than one of those in every `everyMs`.
 */
export function streamReporter(stream: ProgressStream, everyMs = 15_000): Report {
  const terminal = stream.isTTY === true;
  let lineIsOpen = false;
  let lastTransientAt = -Infinity;

  return ({ message, transient }) => {
    if (!transient) {
      stream.write(`${lineIsOpen ? CLEAR_LINE : ""}${message}\n`);
      lineIsOpen = false;
    } else if (terminal) {
      // A line that wraps cannot be cleared as one.
      stream.write(CLEAR_LINE + message.slice(0, (stream.columns ?? 80) - 1));
      lineIsOpen = true;
    } else if (Date.now() - lastTransientAt >= everyMs) {
      lastTransientAt = Date.now();
      stream.write(`${message}\n`);
    }
  };
}
