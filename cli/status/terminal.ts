import { WriteStream } from "node:tty";

/** What the place that a table is printed to can show. */
export interface Terminal {
  /** Columns; Infinity where nothing ends a line. */
  readonly width: number;
  readonly hasColours: boolean;
}

export function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const isTerminal = stream instanceof WriteStream;
  return {
    width: isTerminal ? stream.columns : Infinity,
    // FORCE_COLOR is for streams that are no terminal; Node.js knows it, NO_COLOR and TERM.
    hasColours:
      (isTerminal || process.env["FORCE_COLOR"] !== undefined) &&
      WriteStream.prototype.getColorDepth() > 1,
  };
}
