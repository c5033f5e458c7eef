import { createHttpHeaders } from "@azure/core-rest-pipeline";
import { retryAfter } from "../../provider/azure/http/retryAfter";

test.each<[Record<string, string>, number | undefined]>([
  [{ "Retry-After": "45" }, 45_000],
  [{ "Retry-After": " 45.7 " }, 45_700],
  [{ "retry-after-ms": "1500" }, 1_500],
  [{ "x-ms-retry-after-ms": "250.5" }, 250.5],
  // As Microsoft's clients have it: what is finer says it better.
  [{ "Retry-After": "2", "x-ms-retry-after-ms": "1500" }, 1_500],
  [{ "Retry-After": "2", "retry-after-ms": "soon" }, 2_000],
  [{ "Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT" }, 0],
  [{ "Retry-After": "soon" }, undefined],
  [{ "Retry-After": " " }, undefined],
  [{}, undefined],
])("%j asks for %p milliseconds", (headers, expected) => {
  expect(retryAfter(createHttpHeaders(headers))).toBe(expected);
});

test("a date asks for the time until then", () => {
  const date = new Date(Date.now() + 60_000).toUTCString();
  const wanted = retryAfter(createHttpHeaders({ "Retry-After": date }));
  expect(wanted).toBeGreaterThan(55_000);
  expect(wanted).toBeLessThanOrEqual(60_000);
});
