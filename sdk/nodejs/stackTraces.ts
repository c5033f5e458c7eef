// *** A copy of provider/program/stackTraces.ts, made by npm run sdk. Do not edit. ***

import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";

/** Where the SDK has a resource's place in the program from; internal, so perhaps not there. */
const sdk = pulumi.Resource as unknown as {
  stackTrace?: (skip: number) => readonly (Frame | undefined)[];
};

interface Frame {
  readonly uri: string;
}

/** Before the first of all frames. */
const NONE_SKIPPED = -1;

/**
 * Until the function that it returns is called, stack traces are empty, but for the one that the SDK
 * keeps in state: that names the lines of the user's program alone.
 *
 * Left alone, the one in state would begin in this package, so that an upgrade changed it, and go on
 * with Node.js and the SDK; the engine writes that after every step. The others, one for each of a
 * resource's properties, are looked up in source maps: of 200 rotations, that takes longer than all
 * else in an update without changes.
 *
 * The SDK for Node.js of the plugin has a copy of this file, which "npm run sdk" puts there.
 * @param ownFolders where the package's constructors are.
 * @returns takes the error with which it ended, if it did, and gives it the trace that it lacks.
 */
export function traceUserCode(ownFolders: readonly string[]): (error?: unknown) => void {
  const { stackTraceLimit } = Error;
  const { stackTrace } = sdk;
  Error.stackTraceLimit = 0; // where the SDK wants a trace for state, it sets the limit itself
  if (stackTrace !== undefined) {
    const own = ownFolders.map((folder) => `${pathToFileURL(folder).href}/`);
    sdk.stackTrace = () =>
      stackTrace.call(sdk, NONE_SKIPPED).filter((frame) => isUsers(frame, own));
  }
  return (error) => {
    Error.stackTraceLimit = stackTraceLimit;
    if (stackTrace !== undefined) sdk.stackTrace = stackTrace;
    if (error instanceof Error && error.stack === String(error)) Error.captureStackTrace(error);
  };
}

function isUsers(frame: Frame | undefined, own: readonly string[]): boolean {
  return (
    frame !== undefined &&
    !frame.uri.includes("/node_modules/") &&
    !own.some((folder) => frame.uri.startsWith(folder))
  );
}
