import { createHttpHeaders, createPipelineRequest, RestError } from "@azure/core-rest-pipeline";
import { InFlightCalls } from "../../provider/azure/http/inFlight";
import { DEFAULT_RETRY, retryAfter, retryStrategy } from "../../provider/azure/http/retry";

/** Whether a request is sent again after a failure of this code. */
async function isSentAgain(code: string, repeatable: boolean): Promise<boolean> {
  const calls = new InFlightCalls();
  const request = createPipelineRequest({ url: "https://localhost" });
  return calls.during(request, "be answered", 60_000, () => {
    const responseError = new RestError("no answer", { code, request });
    const strategy = retryStrategy(DEFAULT_RETRY, calls, repeatable, () => false);
    const { retryAfterInMs } = strategy.retry({ retryCount: 0, responseError });
    return Promise.resolve(retryAfterInMs !== undefined);
  });
}

test.each([
  ["ECONNREFUSED", true],
  ["EAI_AGAIN", true],
  ["ECONNRESET", false],
  ["ETIMEDOUT", false],
  ["EPIPE", false],
  ["REQUEST_SEND_ERROR", false],
  ["CERT_HAS_EXPIRED", false],
])(
  "what may not be executed twice is sent again after %s only if that came before it was sent",
  async (code, expected) => {
    expect(await isSentAgain(code, false)).toBe(expected);
  },
);

test.each([
  ["ECONNRESET", true],
  ["ETIMEDOUT", true],
  ["ENOTFOUND", false],
  ["CERT_HAS_EXPIRED", false],
  ["ERR_ANSWER_TOO_LARGE", false],
])("what may be executed twice is sent again after %s if that may pass", async (code, expected) => {
  expect(await isSentAgain(code, true)).toBe(expected);
});

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
