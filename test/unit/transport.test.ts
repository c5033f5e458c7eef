import { once } from "node:events";
import { Agent } from "node:https";
import { type AddressInfo, createServer as createPlainServer } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from "@azure/core-rest-pipeline";
import { mayPass, wasNeverSent } from "../../provider/azure/http/failures";
import { createTransport } from "../../provider/azure/http/transport";
import { createCertificates } from "../../simulator/certificateAuthority";

/*
 * The transport at a real TLS server that answers to the letter what it is told: answers of which
 * the simulator's HTTP server, which is a correct one, is not capable.
 */

let server: Server;
let connections: TLSSocket[];
/** What the server does when something has come in. */
let answer: (socket: TLSSocket) => void;
/** All that has come in. */
let received: string;
let send: (body?: string, agent?: Agent) => ReturnType<HttpClient["sendRequest"]>;
let authority: string;

beforeEach(async () => {
  const { certificate, privateKey, ...certificates } = await createCertificates();
  authority = certificates.authority;
  connections = [];
  received = "";
  server = createServer({ cert: certificate, key: privateKey }, (socket) => {
    connections.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data: Buffer) => {
      received += data.toString();
      answer(socket);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const transport = createTransport({
    attemptTimeout: 300,
    largestAnswer: 1_000,
    tls: { ca: authority },
  });
  send = (body, agent) => {
    const request = createPipelineRequest({
      url: `https://localhost:${String(port)}/path?query`,
      headers: createHttpHeaders({ Name: "value" }),
      ...(body === undefined ? {} : { method: "POST", body }),
    });
    if (agent !== undefined) request.agent = agent;
    return transport.sendRequest(request);
  };
});

afterEach(() => {
  for (const connection of connections) connection.destroy();
  server.close();
});

const HEADERS = "HTTP/1.1 200 OK\r\nName: value\r\n";

test.each([
  ["a length", `${HEADERS}Content-Length: 4\r\n\r\nbody`, "body"],
  ["chunks", `${HEADERS}Transfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n`, "body"],
  ["nothing in it", `${HEADERS}Content-Length: 0\r\n\r\n`, ""],
])("an answer with %s is read, and the connection is kept", async (_, text, body) => {
  answer = (socket) => socket.write(text);
  for (const sent of [undefined, "sent"]) {
    const response = await send(sent);
    expect(response).toMatchObject({ status: 200, bodyAsText: body });
    expect(response.headers.get("name")).toBe("value");
  }
  expect(connections).toHaveLength(1);
  expect(received).toMatch(/^GET \/path\?query HTTP\/1\.1\r\nName: value\r\n[^]*\r\n\r\nPOST/);
  expect(received).toMatch(/\nPOST \/path\?query [^]*\nContent-Length: 4\r\n\r\nsent$/);
});

test("an answer that ends with the connection is read", async () => {
  answer = (socket) => socket.end(`${HEADERS}\r\nbody`);
  expect(await send()).toMatchObject({ status: 200, bodyAsText: "body" });
});

test.each([
  ["no answer at all", "", /socket hang up/, "ECONNRESET"],
  ["half of its headers", HEADERS, /socket hang up/, "ECONNRESET"],
  [
    "less than its length",
    `${HEADERS}Content-Length: 9\r\n\r\nbody`,
    /^the answer broke off \(aborted\)$/,
    "ECONNRESET",
  ],
  [
    "half of its chunks",
    `${HEADERS}Transfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n`,
    /^the answer broke off \(aborted\)$/,
    "ECONNRESET",
  ],
  ["what is not HTTP", "SSH-2.0-OpenSSH_9.6\r\n", /^Parse Error/, "HPE_INVALID_CONSTANT"],
  [
    "headers without end",
    `${HEADERS}Long: ${"x".repeat(20_000)}\r\n\r\n`,
    /^Parse Error: Header overflow$/,
    "HPE_HEADER_OVERFLOW",
  ],
  [
    "another protocol",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
    /^the connection was switched to another protocol$/,
    "ECONNRESET",
  ],
  [
    "too much",
    `${HEADERS}Content-Length: 1001\r\n\r\n${"x".repeat(1_001)}`,
    /^the answer is larger than/,
    "ERR_ANSWER_TOO_LARGE",
  ],
])("%s before the connection ends is a failure", async (_, text, message, code) => {
  answer = (socket) => socket.end(text);
  await expect(send()).rejects.toMatchObject({
    name: "RestError",
    message: expect.stringMatching(message) as string,
    code,
  });
});

test.each([
  ["nothing", ""],
  ["headers alone", `${HEADERS}Content-Length: 4\r\n\r\n`],
  ["half of a body", `${HEADERS}Content-Length: 4\r\n\r\nbo`],
  ["that it goes on", "HTTP/1.1 100 Continue\r\n\r\n"],
])("a server that says %s and no more is given up, and left", async (_, text) => {
  answer = (socket) => text !== "" && socket.write(text);
  await expect(send()).rejects.toMatchObject({
    message: "no answer within 0.3 seconds",
    code: "ETIMEDOUT",
  });
  const [connection] = connections as [TLSSocket];
  if (!connection.closed) await once(connection, "close");
});

test("a server that says a little again and again is given up, too", async () => {
  answer = (socket) => {
    socket.write(`${HEADERS}Transfer-Encoding: chunked\r\n\r\n`);
    const timer = setInterval(() => socket.write("1\r\nx\r\n"), 10);
    socket.on("close", () => {
      clearInterval(timer);
    });
  };
  await expect(send()).rejects.toMatchObject({ code: "ETIMEDOUT" });
});

test.each(["read", "write"])(
  "a %s that fails does not say that the request was never sent, whatever its code",
  async (syscall) => {
    const agent = new Agent({ ca: authority });
    answer = () => {
      // The request is here, and then the client's system gives up the connection.
      const failure = Object.assign(new Error("the host is gone"), {
        code: "EHOSTUNREACH",
        syscall,
      });
      for (const socket of Object.values(agent.sockets).flat()) socket?.destroy(failure);
    };
    const failure = await send("sent", agent).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: "the host is gone", code: "ECONNRESET" });
    expect(wasNeverSent(failure)).toBe(false);
    expect(received).toContain("sent");
  },
);

test("a server that does not speak TLS is a failure that no repetition mends", async () => {
  const plain = createPlainServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await once(plain.listen(0, "127.0.0.1"), "listening");
  const url = `https://localhost:${String((plain.address() as AddressInfo).port)}/`;
  const sent = createTransport({}).sendRequest(createPipelineRequest({ url }));
  const failure = await sent.catch((error: unknown) => error);
  plain.close();
  expect(failure).toMatchObject({ code: "EPROTO" });
  expect(mayPass(failure)).toBe(false);
});

test("a URL without TLS is refused before anything is sent", async () => {
  const url = `http://localhost:${String((server.address() as AddressInfo).port)}/`;
  const sent = createTransport({}).sendRequest(createPipelineRequest({ url }));
  await expect(sent).rejects.toThrow("requests are sent over https only");
  expect(connections).toHaveLength(0);
});
