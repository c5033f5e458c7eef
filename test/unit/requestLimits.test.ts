import { setTimeout as sleep } from "node:timers/promises";
import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse,
  type SendRequest,
} from "@azure/core-rest-pipeline";
import { RequestLimits } from "../../provider/azure/arm/requestLimits";
import { InFlightCalls } from "../../provider/azure/http/inFlight";
import { TokenBucket } from "../../simulator/tokenBucket";

/*
 * Stacks that are updated at the same time: each has a process of its own, and all of them the same
 * bucket of Azure's. Over HTTPS, the bench has it ("npm run bench -- --only fleet"): there the clock is
 * Azure's, of which a test would take minutes. Here the clock runs twenty times as fast, and Azure is
 * the simulator's bucket alone.
 */

const WRITES = { capacity: 10, refillPerSecond: 200 };
const PAUSE = "50";
const URL = "https://management.azure.com/subscriptions/one/write";

/** Azure: answers after two milliseconds, and says what is left. */
class Azure {
  refused = 0;
  admitted = 0;
  readonly #bucket = new TokenBucket(WRITES, () => performance.now());

  readonly send: SendRequest = async (request): Promise<PipelineResponse> => {
    await sleep(1);
    const isRefused = this.#bucket.take() !== undefined;
    const left = String(this.#bucket.remaining);
    if (isRefused) this.refused += 1;
    else this.admitted += 1;
    await sleep(1);
    const headers = createHttpHeaders({
      "x-ms-ratelimit-remaining-subscription-writes": left,
      ...(isRefused ? { "retry-after-ms": PAUSE } : {}),
    });
    return { request, headers, status: isRefused ? 429 : 200 };
  };
}

/** A process that has so many writes to send, 16 at once, each until it is admitted. */
async function runProcess(azure: Azure, writes: number): Promise<void> {
  const calls = new InFlightCalls();
  const limits = new RequestLimits({ reads: WRITES, writes: WRITES });
  const policy = limits.policy(calls, 60_000);
  let left = writes;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const request = createPipelineRequest({ url: URL, method: "POST" });
      await calls.during(request, "write", 60_000, async () => {
        while ((await policy.sendRequest(request, azure.send)).status === 429) await sleep(50);
      });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

const WRITES_IN_ALL = 400;

async function run(processes: number): Promise<Azure> {
  const azure = new Azure();
  const each = WRITES_IN_ALL / processes;
  await Promise.all(Array.from({ length: processes }, () => runProcess(azure, each)));
  expect(azure.admitted).toBe(WRITES_IN_ALL);
  return azure;
}

test("four processes that share a bucket leave each other room", async () => {
  // Where each takes all that is left, more requests are refused than admitted.
  expect((await run(4)).refused).toBeLessThan(WRITES_IN_ALL / 4);
});

test("one process alone is hardly refused", async () => {
  expect((await run(1)).refused).toBeLessThan(WRITES_IN_ALL / 20);
});
