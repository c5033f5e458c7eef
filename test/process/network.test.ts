import { once } from "node:events";
import * as fs from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import * as path from "node:path";
import { prepareProviderFolder, ProviderProcess } from "../../dev/workspace/providerProcess";
import { type Simulator, startSimulator } from "../../simulator";
import { documentedRows, expectDocumented } from "../support/documentedErrors";

/*
 * What stands between a machine and Azure, as the process sees it that Pulumi's SDK runs dynamic
 * providers in: its environment decides.
 */

let simulator: Simulator;
let folder: string;
let provider: ProviderProcess | undefined;

beforeAll(async () => {
  simulator = await startSimulator();
  folder = await prepareProviderFolder();
});
afterAll(async () => {
  await simulator.close();
  await fs.rm(folder, { recursive: true });
});
afterEach(async () => {
  await provider?.stop();
  provider = undefined;
});

/** Creates a rotation of a new account in a process with this environment. */
async function create(name: string, environment: NodeJS.ProcessEnv): Promise<unknown> {
  const account = simulator.account(simulator.createAccount({ name }));
  const shim = await fs.readFile(path.join(__dirname, "../fixtures/shim.txt"), "utf8");
  provider = await ProviderProcess.start({ ...simulator.environment(), ...environment }, folder);
  await provider.configure({});
  const { inputs } = await provider.check({}, { accountId: account.id, __provider: shim });
  return provider.create(inputs);
}

describe("a proxy that HTTPS_PROXY names", () => {
  let proxy: Server;
  let tunnels: string[];
  /** The status line of a refusal, by the number of connections before; undefined: it connects. */
  let refuse: (before: number) => string | undefined;

  beforeEach(async () => {
    tunnels = [];
    refuse = () => undefined;
    // CONNECT host:port, and from there on whatever passes.
    proxy = createServer((client) => {
      client.once("data", (head: Buffer) => {
        const [, host = "", port = ""] = /^CONNECT ([^:]+):(\d+)/.exec(head.toString()) ?? [];
        const refusal = refuse(tunnels.length);
        tunnels.push(`${host}:${port}`);
        if (refusal !== undefined) {
          const page = "<html>no</html>";
          const headers = `Content-Type: text/html\r\nContent-Length: ${String(page.length)}`;
          client.end(`HTTP/1.1 ${refusal}\r\n${headers}\r\n\r\n${page}`);
          return;
        }
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

  /** The message with which creating a rotation fails, and which requests got through. */
  async function failure(name: string): Promise<{ message: string; requests: string[] }> {
    const before = simulator.requests.length;
    const attempt = create(name, { HTTPS_PROXY: `http://user:hunter2@${address()}` });
    const message = await attempt.then(
      () => "no failure",
      (error: unknown) => (error as Error).message,
    );
    for (const secret of ["hunter2", btoa("user:hunter2"), "<html>"]) {
      expect(message + (provider?.output ?? "")).not.toContain(secret);
    }
    const requests = simulator.requests.slice(before).map(({ operation }) => operation);
    return { message, requests };
  }

  function refusedWith(status: string): string {
    return `the proxy ${address()} refused to connect to ${new URL(simulator.url).host} (${status})`;
  }

  /** The rows of docs/errors.md that were seen. */
  const seen = new Set<string>();

  function expectRow(name: string, message: string): void {
    seen.add(name);
    expectDocumented(name, message.replace(/, then run "pulumi up" again$/, ""));
  }

  test.each([
    ["proxy: 407", "407 Proxy Authentication Required", "the cloud", 0, []],
    ["proxy: 403", "403 Forbidden", "the cloud", 0, []],
    ["proxy: 403", "403 Forbidden", "the sign-in", 1, ["metadata"]],
    ["proxy: 407", "407 Proxy Authentication Required", "the sign-in", 1, ["metadata"]],
    [
      "proxy: 403",
      "451 Unavailable For Legal Reasons",
      "reading",
      3,
      ["metadata", "openIdConfiguration", "token"],
    ],
    [
      "proxy: 403",
      "403 Forbidden",
      "regenerating",
      4,
      ["metadata", "openIdConfiguration", "token", "get"],
    ],
  ])("%s: that answers %s is told, at %s", async (row, status, _, connected, requests) => {
    refuse = (before) => (before >= connected ? status : undefined);
    const refused = await failure(`refused${String(connected)}${status.slice(0, 3)}`);
    expect(refused.message).toContain(refusedWith(status));
    expect(refused.requests).toEqual(requests);
    // It is not asked again, nor are the keys read to find out what has happened.
    expect(tunnels).toHaveLength(connected + 1);
    expectRow(row, refused.message);
  });

  test.each([0, 1, 4])(
    "that answers 502 once, after %i connections, is asked again",
    async (at) => {
      refuse = (before) => (before === at ? "502 Bad Gateway" : undefined);
      const { message, requests } = await failure(`again${String(at)}`);
      expect(message).toBe("no failure");
      expect(requests).toEqual([
        "metadata",
        "openIdConfiguration",
        "token",
        "get",
        "regenerateKeys",
        "dataPlane",
      ]);
      expect(tunnels).toHaveLength(requests.length + 1);
    },
  );

  test("proxy: 502: that answers so each time is given up", async () => {
    refuse = () => "502 Bad Gateway";
    const { message } = await failure("badgateway");
    expect(message).toContain(refusedWith("502 Bad Gateway"));
    expectRow("proxy: 502", message);
  });

  test("that does not reach the data plane leaves the key untried", async () => {
    refuse = (before) => (before >= 5 ? "403 Forbidden" : undefined);
    const { message, requests } = await failure("untried");
    expect(message).toBe("no failure");
    expect(requests.at(-1)).toBe("regenerateKeys");
    expect(provider?.output).toMatch(
      /handed out untried: localhost:\d+ could not be reached: the proxy \S+ refused to connect/,
    );
  });

  test("each of its rows in the documents was seen above", () => {
    expect(new Set(documentedRows("A proxy").keys())).toEqual(seen);
  });

  test("that is not there is told, without its password", async () => {
    const attempt = create("unproxied", { HTTPS_PROXY: "http://user:hunter2@127.0.0.1:1" });
    await expect(attempt).rejects.toThrow(/could not read the cloud's endpoints.*ECONNREFUSED/);
    await attempt.catch((error: unknown) => {
      expect(String(error) + (provider?.output ?? "")).not.toContain("hunter2");
    });
  });
});

test("a certificate authority that nobody trusts is told, with how to trust it", async () => {
  await expect(create("untrusted", { NODE_EXTRA_CA_CERTS: undefined })).rejects.toThrow(
    /certificate.*Next: .*set NODE_EXTRA_CA_CERTS to the file of the certificate authority of localhost:\d+/,
  );
});
