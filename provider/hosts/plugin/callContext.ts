import { AsyncLocalStorage } from "node:async_hooks";
import { setMaxListeners } from "node:events";

/** What the engine's call that is being carried out is about. */
interface CallContext {
  readonly urn: string;
  /** Says when the call is to end, and why. */
  readonly signal: AbortSignal;
}

/** The engine has many calls under way at once, and what they do knows none of them. */
const calls = new AsyncLocalStorage<CallContext>();
const cancelled = new AbortController();
// Node.js would take more than ten for a mistake; there is one for each request under way.
setMaxListeners(Infinity, cancelled.signal);

/** The resource that is being worked on; "" between calls. */
export function currentUrn(): string {
  return calls.getStore()?.urn ?? "";
}

/** When what is being done is to end. Its reason says why. */
export function currentSignal(): AbortSignal {
  return calls.getStore()?.signal ?? cancelled.signal;
}

/** Does what all calls share, so that it ends with none of them. */
export function outsideOfCalls<Result>(work: () => Result): Result {
  return calls.run({ urn: "", signal: cancelled.signal }, work);
}

/** Ends every call, as its reason says: none of them waits any longer, nor changes another key. */
export function cancelAll(reason: string): void {
  cancelled.abort(reason);
}

/**
 * Carries out a call of the engine's.
 * @param timeout seconds that the user's customTimeouts give it; 0 for as long as it takes.
 */
export async function during<Result>(
  urn: string,
  timeout: number,
  work: () => Promise<Result>,
): Promise<Result> {
  if (timeout <= 0) return calls.run({ urn, signal: cancelled.signal }, work);
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(`the ${String(timeout)} s were over that customTimeouts gives it`);
  }, timeout * 1_000);
  try {
    const signal = AbortSignal.any([cancelled.signal, late.signal]);
    return await calls.run({ urn, signal }, work);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns whether the whole time has passed; false, at once, when the call is to end. */
export function sleep(milliseconds: number): Promise<boolean> {
  const signal = currentSignal();
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve(!signal.aborted);
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
