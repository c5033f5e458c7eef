import { createPipelineRequest, RestError } from "@azure/core-rest-pipeline";
import { InFlightCalls } from "../../provider/azure/http/inFlight";
import { transient } from "../../provider/azure/http/retry";
import { DEFAULT_RETRY } from "../../provider/azure/http/retryOptions";

/** Whether a request is sent again after a failure of this code. */
async function isSentAgain(code: string, repeatable: boolean): Promise<boolean> {
  const calls = new InFlightCalls();
  const request = createPipelineRequest({ url: "https://localhost" });
  return calls.during(request, "be answered", 60_000, () => {
    const responseError = new RestError("no answer", { code, request });
    const { retryAfterInMs } = transient(DEFAULT_RETRY, calls, repeatable).retry({
      retryCount: 0,
      responseError,
    });
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
