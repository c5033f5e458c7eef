import * as fs from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { once } from "node:events";
import * as path from "node:path";
import { startSimulator, type Simulator } from "../../simulator";
import { ProviderProcess } from "../support/providerProcess";

/*
 * What stands between a machine and Azure, as the process sees it that Pulumi's SDK runs dynamic
 * providers in: its environment decides.
 */

let simulator: Simulator;
let provider: ProviderProcess | undefined;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
afterEach(async () => {
  await provider?.stop();
  provider = undefined;
});

/** Creates a rotation of a new account in a process with this environment. */
async function create(name: string, environment: NodeJS.ProcessEnv): Promise<unknown> {
  const account = simulator.account(simulator.createAccount({ name }));
  const shim = await fs.readFile(path.join(__dirname, "../fixtures/shim.txt"), "utf8");
  provider = await ProviderProcess.start({ ...simulator.environment(), ...environment });
  await provider.configure({});
  const { inputs } = await provider.check({}, { accountId: account.id, __provider: shim });
  return provider.create(inputs);
}

describe("a proxy that HTTPS_PROXY names", () => {
  let proxy: Server;
  let tunnels: string[];

  beforeEach(async () => {
    tunnels = [];
    // CONNECT host:port, and from there on whatever passes.
    proxy = createServer((client) => {
      client.once("data", (head: Buffer) => {
        const [, host = "", port = ""] = /^CONNECT ([^:]+):(\d+)/.exec(head.toString()) ?? [];
        tunnels.push(`${host}:${port}`);
        const server = connect(Number(port), host, () => {
          client.write("HTTP/1.1 200 Connection established\r\n\r\n");
          client.pipe(server).pipe(client);
        });
        server.on("error", () => client.destroy());
        client.on("error", () => server.destroy());
      });
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
  });
  afterEach(() => proxy.close());

  function address(): string {
    return `127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  }

  test("carries every request: cloud, sign-in, Resource Manager and data plane", async () => {
    const before = simulator.requests.length;
    await create("proxied", { HTTPS_PROXY: `http://${address()}` });
    expect(simulator.requests.slice(before).map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(["metadata", "token", "get", "regenerateKeys", "dataPlane"]),
    );
    expect(new Set(tunnels)).toEqual(new Set([new URL(simulator.url).host]));
  });

  test("is left out for the hosts of NO_PROXY", async () => {
    await create("direct", { HTTPS_PROXY: `http://${address()}`, NO_PROXY: "localhost" });
    expect(tunnels).toEqual([]);
  });

  test("that is not there is told, without its password", async () => {
    const attempt = create("unproxied", { HTTPS_PROXY: "http://user:hunter2@127.0.0.1:1" });
    await expect(attempt).rejects.toThrow(/could not learn the cloud's endpoints.*ECONNREFUSED/);
    await attempt.catch((error: unknown) => {
      expect(String(error) + (provider?.output ?? "")).not.toContain("hunter2");
    });
  });
});

test("a certificate authority that nobody trusts is told, with how to trust it", async () => {
  await expect(create("untrusted", { NODE_EXTRA_CA_CERTS: undefined })).rejects.toThrow(
    /certificate.*Next: .*name the file of the certificate authority of localhost:\d+ in NODE_EXTRA_CA_CERTS/,
  );
});
