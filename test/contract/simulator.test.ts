import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { promisify } from "node:util";
import { type Simulator, startSimulator } from "../../simulator";
import { closeSimulators, send, sendSigned, simulate } from "./simulatorAndClients";

afterEach(closeSimulators);

/** Reads a URL in a process of its own, as NODE_EXTRA_CA_CERTS counts only at its start. */
async function fetchInChild(url: string, environment: Record<string, string>): Promise<unknown> {
  const script = `fetch(process.argv[1]).then((r) => r.text()).then((t) => process.stdout.write(t))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, url], {
    env: { PATH: process.env["PATH"], ...environment },
  });
  return JSON.parse(stdout);
}

describe("the certificate", () => {
  test("is not trusted without the simulator's authority", async () => {
    const simulator = await simulate();
    const attempt = new Promise((resolve, reject) => {
      get(`${simulator.url}/metadata/endpoints`, { agent: false }, resolve).on("error", reject);
    });
    await expect(attempt).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    const other = await simulate();
    const url = `${other.url}/metadata/endpoints`;
    await expect(fetchInChild(url, simulator.environment())).rejects.toThrow(/UNABLE_TO_VERIFY/);
  });

  test("is trusted by a process with the simulator's environment", async () => {
    const simulator = await simulate();
    const host = simulator.environment()["ARM_METADATA_HOSTNAME"] ?? "";
    const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
    expect(await fetchInChild(url, simulator.environment())).toMatchObject({
      name: "Simulator",
      resourceManager: simulator.url,
      authentication: {
        loginEndpoint: simulator.url,
        audiences: [simulator.url, `${simulator.url}/`],
        identityProvider: "AAD",
      },
      suffixes: { batch: host },
    });
  });

  test("is in a file only while the simulator runs", async () => {
    const simulator = await startSimulator();
    const file = simulator.certificateAuthorityFile;
    expect(readFileSync(file, "utf8")).toBe(simulator.certificateAuthority);
    await simulator.close();
    expect(existsSync(file)).toBe(false);
  });
});

test("closing does not wait for connections that are kept alive or for requests under way", async () => {
  const simulator = await startSimulator({ latencyMs: 60_000 });
  const agent = new Agent({ keepAlive: true, ca: simulator.certificateAuthority });
  const pending = send(simulator, "/metadata/endpoints", { agent });
  pending.catch(() => undefined);
  while (simulator.requests.length === 0) {
    await new Promise(setImmediate);
  }
  const started = Date.now();
  await simulator.close();
  expect(Date.now() - started).toBeLessThan(1_000);
  await expect(pending).rejects.toThrow();
});

test("simulators have nothing in common", async () => {
  const [one, other] = [await simulate(), await simulate()];
  const identity = (simulator: Simulator) => [
    simulator.url,
    simulator.certificateAuthority,
    simulator.subscriptionId,
    simulator.clientSecret,
  ];
  expect(identity(one).filter((value) => identity(other).includes(value))).toEqual([]);
});

test("an account that does not exist, and one that does, are mistakes of the test", async () => {
  const simulator = await simulate();
  const id = simulator.createAccount({ name: "acct" });
  expect(() => simulator.createAccount({ name: "ACCT" })).toThrow(/already has/);
  expect(() => simulator.account(`${id}x`)).toThrow(/has no Batch account/);
  simulator.account(id).delete();
  expect(() => simulator.account(id)).toThrow(/has no Batch account/);
  expect(simulator.createAccount({ name: "acct" })).toBe(id);
});

test("tenants and subscriptions can be listed, as signing in with the Azure CLI needs", async () => {
  const simulator = await simulate();
  const { subscriptionId, tenantId } = simulator;
  const version = "api-version=2022-12-01";
  expect(await sendSigned(simulator, `/tenants?${version}`)).toMatchObject({
    body: { value: [{ tenantId }] },
  });
  expect(await sendSigned(simulator, `/subscriptions?${version}`)).toMatchObject({
    body: { value: [{ subscriptionId, tenantId, state: "Enabled" }] },
  });
  expect(await sendSigned(simulator, `/subscriptions/${subscriptionId}?${version}`)).toMatchObject({
    body: { subscriptionId },
  });
});

test("resource groups are made, found, listed and deleted with the accounts in them", async () => {
  const simulator = await simulate();
  const collection = `/subscriptions/${simulator.subscriptionId}/resourceGroups`;
  const version = "api-version=2021-04-01";
  const path = `${collection}/rg?${version}`;
  const put = { method: "PUT", body: JSON.stringify({ location: "eastus", tags: { a: "b" } }) };
  const group = { name: "rg", location: "eastus", tags: { a: "b" } };
  expect(await sendSigned(simulator, path, put)).toMatchObject({ status: 201, body: group });
  expect(await sendSigned(simulator, path, put)).toMatchObject({ status: 200, body: group });
  expect(await sendSigned(simulator, path)).toMatchObject({ status: 200, body: group });
  expect(await sendSigned(simulator, `${collection}?${version}`)).toMatchObject({
    body: { value: [group] },
  });
  expect(
    await sendSigned(simulator, `${collection}/nowhere?${version}`, { method: "PUT", body: "{}" }),
  ).toMatchObject({ status: 400, body: { error: { code: "LocationRequired" } } });

  const id = simulator.createAccount({ name: "acct", resourceGroupName: "rg" });
  const deleted = await sendSigned(simulator, path, { method: "DELETE" });
  expect(deleted.status).toBe(202);
  expect((await sendSigned(simulator, deleted.headers.location ?? "")).status).toBe(200);
  expect((await sendSigned(simulator, path)).status).toBe(404);
  expect(() => simulator.account(id)).toThrow();
});
