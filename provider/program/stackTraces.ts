import * as path from "node:path";

/** How V8 makes stack traces. https://v8.dev/docs/stack-trace-api */
const v8 = Error as {
  stackTraceLimit: number;
  prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => unknown;
};

/** Where this package's constructors are. */
const OWN_FOLDERS = [path.dirname(__dirname), path.join(__dirname, "../../components")].map(
  (folder) => folder + path.sep,
);

/**
 * Until the function that it returns is called, stack traces are empty, but for the one that the SDK
 * keeps in state: that names the lines of the user's program alone.
 *
 * Left alone, the one in state would begin in this package, and go on with Node.js and the SDK below
 * the user's lines; the engine writes that after every step. The others, one for each of a resource's
 * properties, are looked up in source maps: of 200 rotations, that takes longer than all else in an
 * update without changes.
 * @returns takes the error with which it ended, if it did, and gives it the trace that it lacks.
 */
export function traceUserCode(): (error?: unknown) => void {
  const { stackTraceLimit, prepareStackTrace } = v8;
  v8.stackTraceLimit = 0; // where the SDK wants a trace for state, it sets the limit itself
  if (prepareStackTrace !== undefined) {
    // Pulumi's own, which looks the lines up in source maps.
    v8.prepareStackTrace = (error, frames) => {
      const own = frames.findIndex(isOwn);
      const kept = frames.filter((frame, index) => index < own || isUsers(frame));
      return prepareStackTrace(error, kept);
    };
  }
  return (error) => {
    Object.assign(v8, { stackTraceLimit, prepareStackTrace });
    if (error instanceof Error && error.stack === String(error)) Error.captureStackTrace(error);
  };
}

function isOwn(frame: NodeJS.CallSite): boolean {
  const file = frame.getFileName() ?? "";
  return OWN_FOLDERS.some((folder) => file.startsWith(folder));
}

function isUsers(frame: NodeJS.CallSite): boolean {
  const file = frame.getFileName() ?? "node:"; // without a file: V8's own
  return !isOwn(frame) && !/^node:|[/\\]node_modules[/\\]/.test(file);
}
