import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { type Simulator, startSimulator } from "../../simulator/index";

jest.setTimeout(180_000);

const ACCOUNTS = 10_000;
const MEGABYTE = 1_048_576;

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ pageSize: 50 });
  for (let number = 0; number < ACCOUNTS; number += 1) {
    simulator.createAccount({ name: `account${String(number)}` });
  }
});
afterAll(() => simulator.close());

/** Runs heapOfListing.cjs in a process of its own, whose heap holds nothing else. */
async function heapOf(mode: "stream" | "collect"): Promise<{ count: number; growth: number }> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--import", "tsx", path.join(__dirname, "../support/heapOfListing.cjs"), mode],
    { env: { PATH: process.env["PATH"], ...simulator.environment() } },
  );
  return JSON.parse(stdout) as { count: number; growth: number };
}

test("going through 10,000 accounts takes no more memory than going through the first pages", async () => {
  const streamed = await heapOf("stream");
  expect(streamed.count).toBe(ACCOUNTS);
  expect(streamed.growth).toBeLessThan(2 * MEGABYTE);
});

test("the measure is one that tells: a program that keeps the accounts grows by all of them", async () => {
  const collected = await heapOf("collect");
  expect(collected.count).toBe(ACCOUNTS);
  expect(collected.growth).toBeGreaterThan(8 * MEGABYTE);
});
