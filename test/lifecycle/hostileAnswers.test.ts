import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Fault, SimulatedAccount } from "../../simulator";
import { createCertificates } from "../../simulator/certificateAuthority";
import { listingWorld } from "../support/listingWorld";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount({ http: { largestAnswer: 20_000 } }));
});
afterEach(() => world.simulator.close());

/** The message with which creating the rotation fails; nothing may have changed. */
async function failure(args: object = { accountId }): Promise<string> {
  const failed = world.engine.up({ ...args });
  await expect(failed).rejects.toThrow();
  expect(account.regenerations).toHaveLength(0);
  return failed.catch((error: unknown) => (error as Error).message);
}

describe("an answer that is too large", () => {
  const endless: Fault = { kind: "Body", body: `{"name":"${"x".repeat(50_000)}"}` };

  test("is not read to its end, and not asked for again", async () => {
    world.simulator.inject({ operation: "get", times: Infinity, fault: endless });
    const requests = await requestsOf(world, async () => {
      expect(await failure()).toMatch(/the answer is larger than [\d.]+ MiB/);
    });
    expect(requests).toEqual(["get"]);
  });

  test("to regenerateKeys is settled as a lost one: the keys are read", async () => {
    world.simulator.inject({ operation: "regenerateKeys", fault: endless });
    await world.engine.up({ accountId, version: 1, verifyKey: "None" });
    expect(world.engine.state?.outputs["currentKey"]).toBe(account.keys().secondary);
  });

  test("is refused as an error answer, too", async () => {
    world.simulator.inject({
      operation: "get",
      times: Infinity,
      fault: { ...endless, status: 403 },
    });
    expect(await failure()).toMatch(/the answer is larger than/);
  });
});

test("a list whose accounts nest without end is refused", async () => {
  const listing = await listingWorld();
  try {
    const nested = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const body = `{"value":[{"id":"/x","name":"x","properties":${nested}}]}`;
    const fault: Fault = { kind: "Body", body };
    listing.simulator.inject({ operation: "list", times: Infinity, fault });
    expect(await listing.failure()).toMatch(/an account nests deeper than 64 levels/);
  } finally {
    await listing.simulator.close();
  }
});

test.each([
  ["a line break", "rotated\r\nX-Injected: 1"],
  ["an encoded slash", "rotated%2FlistKeys"],
  ["a query", "rotated?api-version=1"],
  ["a fragment", "rotated#"],
  ["a path upwards", "rotated/../other"],
])("a name with %s in it is refused before anything is asked of Azure", async (_, name) => {
  const requests = await requestsOf(world, async () => {
    await failure({ accountId: accountId.replace("rotated", name) });
    await failure({ resourceGroupName: "group", accountName: name });
    await failure({ resourceGroupName: name, accountName: "rotated" });
  });
  expect(requests).toEqual([]);
});

describe("a redirect to another host", () => {
  let elsewhere: Server;
  let visits: string[];

  beforeEach(async () => {
    const { certificate, privateKey } = await createCertificates();
    visits = [];
    elsewhere = createServer({ cert: certificate, key: privateKey }, (incoming, outgoing) => {
      visits.push(incoming.url ?? "");
      outgoing.end("{}");
    }).listen(0, "127.0.0.1");
    // Whoever comes here is seen, trusted or not.
    elsewhere.on("tlsClientError", () => visits.push("a handshake"));
    await once(elsewhere, "listening");
  });
  afterEach(() => elsewhere.close());

  test.each(["metadata", "openIdConfiguration", "token", "get", "regenerateKeys"] as const)(
    "is not followed from %s",
    async (operation) => {
      const { port } = elsewhere.address() as AddressInfo;
      const headers = { Location: `https://localhost:${String(port)}/` };
      const fault: Fault = { kind: "Error", status: 307, code: "Moved", headers };
      world.simulator.inject({ operation, times: Infinity, fault });
      await failure({ accountId });
      expect(visits).toEqual([]);
    },
  );
});

test("a challenge that asks for another service's token gets one for Azure Resource Manager", async () => {
  const claims = Buffer.from('{"access_token":{}}').toString("base64");
  const challenge = `Bearer error="invalid_token", scope="https://elsewhere.example/.default", claims="${claims}"`;
  const headers = { "WWW-Authenticate": challenge };
  const fault: Fault = { kind: "Error", status: 401, code: "Revoked", headers };
  world.simulator.inject({ operation: "get", fault });
  await world.engine.up({ accountId });
  expect(account.regenerations).toHaveLength(1);
});

test("every request to Azure Resource Manager names the package and its version", async () => {
  await world.engine.up({ accountId });
  const { version } = jest.requireActual<{ version: string }>("../../package.json");
  const agents = world.simulator.requests
    .filter(({ path }) => path.startsWith("/subscriptions/"))
    .map(({ headers }) => headers["user-agent"]);
  expect(agents).toHaveLength(2);
  for (const agent of agents) {
    expect(agent).toMatch(new RegExp(`^pulumi-azure-batch-key-rotation/${version} `));
  }
});
