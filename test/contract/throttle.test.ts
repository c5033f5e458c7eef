import { type SimulatorOptions } from "../../simulator";
import { closeSimulators, managementClient, simulate } from "./simulatorAndClients";

afterEach(closeSimulators);

/** A simulator whose clock stands still until the test moves it. */
async function throttled(throttle: NonNullable<SimulatorOptions["throttle"]>) {
  const clock = { now: Date.now() };
  const simulator = await simulate({ throttle, now: () => clock.now });
  simulator.createAccount({ name: "acct", resourceGroupName: "rg" });
  const { batchAccountOperations } = managementClient(simulator);
  const listKeys = () => batchAccountOperations.getKeys("rg", "acct");
  const read = () => batchAccountOperations.get("rg", "acct");
  return { simulator, clock, listKeys, read };
}

test("listKeys takes from the bucket of writes, which refills with time", async () => {
  const { simulator, clock, listKeys, read } = await throttled({
    writes: { capacity: 2, refillPerSecond: 0.5 },
  });
  await listKeys();
  await listKeys();
  await expect(listKeys()).rejects.toMatchObject({
    statusCode: 429,
    code: "SubscriptionRequestsThrottled",
    message: expect.stringMatching(/'write' requests .* try again after '2' seconds\./) as string,
  });
  await expect(read()).resolves.toMatchObject({ name: "acct" });

  clock.now += 1_999;
  await expect(listKeys()).rejects.toMatchObject({ statusCode: 429 });
  clock.now += 1;
  await expect(listKeys()).resolves.toMatchObject({ accountName: "acct" });
  expect(simulator.throttledRequests).toBe(2);
});

test("every answer tells what is left, and a refusal when to come back", async () => {
  const { simulator, listKeys } = await throttled({ writes: { capacity: 2, refillPerSecond: 10 } });
  await Promise.allSettled([listKeys(), listKeys(), listKeys()]);
  const answers = simulator.requests.filter(({ operation }) => operation === "listKeys");
  const left = answers.map((each) =>
    Number(each.responseHeaders["x-ms-ratelimit-remaining-subscription-writes"]),
  );
  expect(left).toEqual([1, 0, 0]);
  expect(answers.at(-1)).toMatchObject({ status: 429, responseHeaders: { "Retry-After": "1" } });
});

test("Azure's own limits are 200 writes and 250 reads at once", async () => {
  const { simulator, listKeys, read } = await throttled(true);
  await listKeys();
  await read();
  const [write, reading] = simulator.requests.slice(-2);
  expect(write?.responseHeaders).toMatchObject({
    "x-ms-ratelimit-remaining-subscription-writes": "199",
  });
  expect(reading?.responseHeaders).toMatchObject({
    "x-ms-ratelimit-remaining-subscription-reads": "249",
  });
});

test("nothing is throttled unless asked for", async () => {
  const { simulator, listKeys } = await throttled(false);
  for (let request = 0; request < 201; request += 1) {
    await listKeys();
  }
  expect(simulator.throttledRequests).toBe(0);
});
