import type { SimulatedAccount } from "../../simulator";
import { type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";
import { StatefulEngine } from "../support/statefulEngine";

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

async function start(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  ({ world, accountId, account } = await worldWithAccount({ environment }));
}

afterEach(() => world.simulator.close());

/** The message with which creating the rotation fails; nothing may have changed. */
async function failureOf(): Promise<string> {
  const failure = await world.engine.up({ accountId }).then(
    () => "no failure",
    (error: unknown) => (error as Error).message,
  );
  expect(account.regenerations).toEqual([]);
  expect(failure + world.told.join()).not.toContain(world.simulator.clientSecret);
  return failure;
}

/** As a metadata host describes the simulator under a name. */
function described(name: string): string {
  const { url } = world.simulator;
  const authentication = { loginEndpoint: url, audiences: [url] };
  return JSON.stringify({ name, resourceManager: url, authentication });
}

test.each([
  ["user:TOPSECRET@host:99999", /from metadata host \(not a host name\): /],
  ["user:TOPSECRET@localhost", /from metadata host localhost: /],
  [":TOPSECRET@localhost", /from metadata host localhost: /],
])("a metadata host %s is refused, and not quoted", async (metadataHost, message) => {
  await start({ ARM_METADATA_HOSTNAME: metadataHost });
  const failure = await failureOf();
  expect(failure).toMatch(message);
  expect(failure).toMatch(/: it is not the name of an https host\. Next: /);
  expect(failure).not.toContain("TOPSECRET");
});

test("a metadata host over plain http is refused", async () => {
  await start({ ARM_METADATA_HOSTNAME: "http://localhost:1" });
  expect(await failureOf()).toMatch(/is not the name of an https host/);
});

test.each([
  ["nonsense", "hello"],
  ["no endpoints", '{"name":"Mars"}'],
  [
    "an endpoint without TLS",
    '{"name":"Mars","resourceManager":"http://arm","authentication":{"loginEndpoint":"https://login","audiences":["https://arm"]}}',
  ],
  [
    "an endpoint with a password",
    '{"name":"Mars","resourceManager":"https://:TOPSECRET@arm","authentication":{"loginEndpoint":"https://login","audiences":["https://arm"]}}',
  ],
])("a metadata host that answers %s is refused", async (_, body) => {
  await start();
  world.simulator.inject({ operation: "metadata", times: 9, fault: { kind: "Body", body } });
  const failure = await failureOf();
  expect(failure).toMatch(/could not read the cloud's endpoints from metadata host/);
  expect(failure).not.toContain("TOPSECRET");
});

test("a metadata host that leads a cloud of Microsoft's elsewhere is refused", async () => {
  await start();
  const body = described("AzureCloud");
  world.simulator.inject({ operation: "metadata", times: 9, fault: { kind: "Body", body } });
  expect(await failureOf()).toMatch(
    /it says that it describes AzureCloud, but its "resourceManager" is localhost:\d+, which is not/,
  );
  expect(world.simulator.requests.map(({ operation }) => operation)).toEqual(["metadata"]);
});

test("a metadata host's answer may begin with a byte order mark", async () => {
  await start();
  const body = `\uFEFF${described("Mars")}`;
  world.simulator.inject({ operation: "metadata", fault: { kind: "Body", body } });
  await world.engine.up({ accountId });
  expect(account.regenerations).toHaveLength(1);
});

test("a metadata host is asked once for all resources, and once more if it has failed", async () => {
  await start();
  const fault = { kind: "Error", status: 503, code: "ServerBusy" } as const;
  world.simulator.inject({ operation: "metadata", times: 2, fault });
  expect(await failureOf()).toMatch(/from metadata host .*: it answered 503\. Next: /);
  const another = world.simulator.createAccount({ name: "another" });
  await world.engine.up({ accountId });
  await new StatefulEngine(world.lifecycle).up({ accountId: another });
  const asked = world.simulator.requests.filter(({ operation }) => operation === "metadata");
  expect(asked.map(({ status }) => status)).toEqual([503, 503, 200]);
});
