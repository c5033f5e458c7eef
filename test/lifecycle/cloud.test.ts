import type { SimulatedAccount } from "../../simulator";
import { worldWithAccount, type SimulatedWorld } from "../support/simulatedWorld";
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

test("an unknown environment is refused with the known ones", async () => {
  await start({ ARM_METADATA_HOSTNAME: "", ARM_ENVIRONMENT: "mars" });
  expect(await failureOf()).toMatch(
    /unknown Azure environment "mars"\. Next: use "public", "china"/,
  );
});

test("a metadata host that does not answer is named", async () => {
  await start({ ARM_METADATA_HOSTNAME: "localhost:1" });
  expect(await failureOf()).toMatch(/from metadata host localhost:1: .*ECONNREFUSED/);
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
])("a metadata host that answers %s is refused", async (_, body) => {
  await start();
  world.simulator.inject({ operation: "metadata", times: 9, fault: { kind: "Body", body } });
  expect(await failureOf()).toMatch(/could not learn the cloud's endpoints from metadata host/);
});

test("a metadata host that describes another cloud than the configured one is refused", async () => {
  await start({ ARM_ENVIRONMENT: "public" });
  const body = described("AzureChinaCloud");
  world.simulator.inject({ operation: "metadata", times: 9, fault: { kind: "Body", body } });
  expect(await failureOf()).toMatch(
    /it describes another cloud, AzureChinaCloud, than the configured environment "public" \(AzureCloud\)\. Next: check ARM_METADATA_HOSTNAME and ARM_ENVIRONMENT/,
  );
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
