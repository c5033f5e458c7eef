import { BrokenMeasurement } from "./measure";
import type { RequestCounts } from "./programs/simulator";

/** How often a client signs in, and where, is not what is measured. */
const SIGN_IN = /^(metadata|openIdConfiguration|token) 200$/;

/** Makes sure that a measurement sent the requests that it is about, and no others. */
export function requireRequests(
  counts: RequestCounts,
  expected: Readonly<Record<string, number>>,
): void {
  const found = Object.entries(counts).filter(([name]) => !SIGN_IN.test(name));
  const sent = inWords(found);
  const wanted = inWords(Object.entries(expected));
  if (sent !== wanted) throw new BrokenMeasurement(`the requests were ${sent}, not ${wanted}`);
}

function inWords(counts: readonly (readonly [string, number])[]): string {
  const texts = counts.map(([name, count]) => `${String(count)} x ${name}`);
  return texts.length === 0 ? "none" : texts.sort().join(", ");
}

/** The requests of so many rotations that went well, with the new key tried, as by default. */
export function rotationRequests(count: number): Record<string, number> {
  return { "get 200": count, "regenerateKeys 200": count, "dataPlane 200": count };
}
