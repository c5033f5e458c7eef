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
 * Azure's, of which a test would take minutes. Here Azure is the simulator's bucket alone, and the clock
 * is Jest's: no time passes but what is slept, so that every run takes the same time, on any machine.
 */

// Jest's clock leaves this module alone.
jest.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number, value: unknown) =>
    new Promise((resolve) => setTimeout(resolve, Math.ceil(milliseconds), value)),
}));
beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Azure's own limits. */
const WRITES = { capacity: 200, refillPerSecond: 10 };
const PAUSE = 1_000;
const HEADER = "x-ms-ratelimit-remaining-subscription-writes";
const URL = "https://management.azure.com/subscriptions/one/write";

/** Azure: answers after 40 milliseconds, and says what is left, if it counts. */
class Azure {
  refused = 0;
  admitted = 0;
  counts = true;
  /** One request of so many is refused by Batch, whatever is left in the bucket. */
  batchRefusesOneOf = Infinity;
  /** The requests that still come just when others have used the bucket up. */
  tooLate = 0;
  readonly #bucket = new TokenBucket(WRITES, () => performance.now());

  readonly send: SendRequest = async (request): Promise<PipelineResponse> => {
    await sleep(20);
    if (this.tooLate > 0) {
      this.tooLate -= 1;
      while (this.#bucket.take() === undefined);
    }
    const isOfBatch = (this.refused + this.admitted + 1) % this.batchRefusesOneOf === 0;
    const isRefused = this.#bucket.take() !== undefined || isOfBatch;
    const left = String(this.#bucket.remaining);
    if (isRefused) this.refused += 1;
    else this.admitted += 1;
    await sleep(20);
    const headers = createHttpHeaders({
      ...(this.counts ? { [HEADER]: left } : {}),
      ...(isRefused ? { "retry-after-ms": String(PAUSE) } : {}),
    });
    return { request, headers, status: isRefused ? 429 : 200 };
  };
}

/** One process of those that use Azure's bucket. */
class Process {
  readonly #calls = new InFlightCalls();
  readonly #azure: Azure;
  readonly #policy;

  constructor(azure: Azure) {
    this.#azure = azure;
    const limits = new RequestLimits({ reads: WRITES, writes: WRITES });
    this.#policy = limits.policy(this.#calls, 60_000);
  }

  /** Sends so many writes, 16 at once, each until it is admitted. */
  async write(writes: number): Promise<void> {
    let left = writes;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const request = createPipelineRequest({ url: URL, method: "POST" });
        await this.#calls.during(request, "write", 1_800_000, async () => {
          while ((await this.#policy.sendRequest(request, this.#azure.send)).status === 429) {
            await sleep(PAUSE);
          }
        });
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
  }
}

/** The seconds that something takes, by Jest's clock. */
async function seconds(work: Promise<unknown>): Promise<number> {
  const begin = performance.now();
  let end = NaN;
  void work.then(() => (end = performance.now()));
  while (Number.isNaN(end)) await jest.advanceTimersToNextTimerAsync();
  await work;
  return (end - begin) / 1_000;
}

/** The least that so many writes take, beginning with a full bucket. */
function bound(writes: number): number {
  return (writes - WRITES.capacity) / WRITES.refillPerSecond;
}

describe("processes that share a bucket", () => {
  const WRITES_IN_ALL = 1_200;

  async function run(processes: number): Promise<{ azure: Azure; time: number }> {
    const azure = new Azure();
    const each = WRITES_IN_ALL / processes;
    const all = Array.from({ length: processes }, () => new Process(azure).write(each));
    const time = await seconds(Promise.all(all));
    expect(azure.admitted).toBe(WRITES_IN_ALL);
    return { azure, time };
  }

  test("leave each other room, and nothing unused", async () => {
    const { azure, time } = await run(4);
    // Where each takes all that is left, more are refused than admitted.
    expect(azure.refused).toBeLessThan(WRITES_IN_ALL / 8);
    expect(time).toBeLessThan(1.1 * bound(WRITES_IN_ALL));
  });

  test("are refused nothing where there is but one", async () => {
    const { azure, time } = await run(1);
    expect(azure.refused).toBe(0);
    expect(time).toBeLessThan(1.1 * bound(WRITES_IN_ALL));
  });
});

describe("a process that has the bucket to itself again", () => {
  /** The seconds in which the bucket refills for a hundred requests. */
  const FULL_PACE = 100 / WRITES.refillPerSecond;

  /** A process that was refused five times, one after the other; `counts` is whether Azure still counts. */
  async function refusedProcess(counts: boolean): Promise<Process> {
    const azure = new Azure();
    const process = new Process(azure);
    await seconds(process.write(1));
    azure.counts = counts;
    azure.tooLate = 5;
    await seconds(process.write(1));
    expect(azure.refused).toBe(5);
    return process;
  }

  test.each([
    ["says what is left", true],
    ["says so no more", false],
  ])("is back at full pace after 100 requests, where Azure %s", async (_, counts) => {
    const process = await refusedProcess(counts);
    await seconds(process.write(100));
    expect(await seconds(process.write(100))).toBeLessThan(1.1 * FULL_PACE);
  });

  test("takes little of it at first, although the refusals did not say what is left", async () => {
    const process = await refusedProcess(false);
    expect(await seconds(process.write(100))).toBeGreaterThan(2 * FULL_PACE);
  });

  test("has lost one half to all refusals of one burst", async () => {
    const azure = new Azure();
    const process = new Process(azure);
    await seconds(process.write(1));
    azure.counts = false;
    azure.tooLate = 16;
    const time = await seconds(process.write(100));
    expect(azure.refused).toBe(16);
    expect(time).toBeLessThan(2 * FULL_PACE);
  });
});

describe("refusals that are not the bucket's cost no share", () => {
  test("where something is left in it", async () => {
    const azure = new Azure();
    azure.batchRefusesOneOf = 10;
    const time = await seconds(new Process(azure).write(500));
    expect(azure.refused).toBeGreaterThan(50);
    expect(time).toBeLessThan(1.3 * bound(500));
  });

  test("where nothing counts what is left", async () => {
    const azure = new Azure();
    azure.counts = false;
    azure.batchRefusesOneOf = 10;
    const time = await seconds(new Process(azure).write(500));
    // Each pauses the process, which then goes on at the pace at which the bucket refills.
    expect(time).toBeLessThan(azure.refused * (PAUSE / 1_000) + 500 / WRITES.refillPerSecond);
  });
});
