import type { Fault, SimulatedAccount } from "../../simulator";
import { requestsOf, type SimulatedWorld, worldWithAccount } from "../support/simulatedWorld";
import { StatefulEngine } from "../support/statefulEngine";

/*
 * Answers that are not the service's: of a proxy, a gateway or a firewall between it and here. They
 * come with any status, and before the request has got through or after it has been executed.
 */

let world: SimulatedWorld;
let accountId: string;
let account: SimulatedAccount;

beforeEach(async () => {
  ({ world, accountId, account } = await worldWithAccount({ retry: { maximumRetries: 1 } }));
});
afterEach(() => world.simulator.close());

const headers = { "Content-Type": "text/html", Server: "gateway/1.0" };

function page(status: number, rest: Partial<Fault & { kind: "Body" }> = {}): Fault {
  return { kind: "Body", status, body: "<html>no</html>", headers, ...rest };
}

function outputs() {
  return world.engine.state?.outputs ?? {};
}

describe("to regenerateKeys", () => {
  let held: string;

  beforeEach(async () => {
    await world.engine.up({ accountId });
    held = String(outputs()["currentKey"]);
    // Consumers have no other key until the update has finished.
    world.onWait = () => {
      expect(account.accepts(held)).toBe(true);
    };
  });

  /** Rotates once; the requests that it took. */
  async function rotate(fault: Fault): Promise<string[]> {
    const injected = world.simulator.inject({ operation: "regenerateKeys", fault });
    const requests = await requestsOf(world, () => world.engine.up({ accountId, version: 2 }));
    expect(injected.hits).toBe(1);
    expect(account.regenerations.slice(1).map(({ keyName }) => keyName)).toEqual(["Primary"]);
    expect(account.accepts(held)).toBe(true);
    expect(outputs()).toMatchObject({ generation: 2, currentKey: account.keys().primary });
    return requests;
  }

  const ANSWERS: [string, Fault][] = [
    ...[200, 302, 401, 403, 404, 407, 409, 429, 502].map((status): [string, Fault] => [
      `a page with ${String(status)}`,
      page(status),
    ]),
    ["an empty 200", page(200, { body: "" })],
    [
      "a gateway's JSON with 403",
      page(403, { body: '{"statusCode":403,"message":"Access denied"}', headers: {} }),
    ],
    [
      "a gateway's 429 that says when to come back",
      page(429, { headers: { ...headers, "Retry-After": "0" } }),
    ],
  ];

  test.each(ANSWERS)("%s after it was executed is settled by reading", async (_, fault) => {
    expect(await rotate(fault)).toEqual(["get", "regenerateKeys", "listKeys", "dataPlane"]);
  });

  test.each(ANSWERS)("%s in its place is settled, and it is sent again", async (_, fault) => {
    const requests = await rotate({ ...fault, when: "BeforeEffect" } as Fault);
    const sent = ["get", "regenerateKeys", "listKeys", "regenerateKeys", "listKeys", "dataPlane"];
    expect(requests).toEqual(sent);
  });

  test("a challenge without a body is Resource Manager's own refusal: nothing is settled", async () => {
    const challenge = { "WWW-Authenticate": 'Bearer error="invalid_token"' };
    const fault = page(401, { body: "", headers: challenge, when: "BeforeEffect" });
    world.simulator.inject({ operation: "regenerateKeys", fault });
    const requests = await requestsOf(world, async () => {
      await expect(world.engine.up({ accountId, version: 2 })).rejects.toThrow(/: 401 without an/);
    });
    expect(requests).toEqual(["get", "regenerateKeys"]);
  });

  test("at destroy, both keys are revoked all the same", async () => {
    await world.engine.up({ accountId, revokeOnDelete: true });
    world.simulator.inject({ operation: "regenerateKeys", times: 2, fault: page(404) });
    world.onWait = () => undefined;
    const before = account.keys();
    const later = new StatefulEngine(world.newProcess());
    later.state = world.engine.state;
    await later.destroy();
    expect(account.accepts(before.primary) || account.accepts(before.secondary)).toBe(false);
  });
});

describe("to whatever reads", () => {
  const TOLD =
    /: something between this machine and Azure Resource Manager \(https:\/\/localhost:\d+\) has answered in its place \(/;

  test.each([
    [200, "check the proxy, gateway or firewall on the way"],
    [
      302,
      "check the proxy, gateway or firewall on the way: it redirects, and redirects are not followed",
    ],
    [403, "check the proxy, gateway or firewall on the way"],
    [404, "check the proxy, gateway or firewall on the way"],
    [
      502,
      'check the proxy, gateway or firewall on the way, and run "pulumi up" again in a few minutes',
    ],
  ])("a refresh tells of a page with %i, and keeps the state", async (status, next) => {
    await world.engine.up({ accountId });
    const { state } = world.engine;
    world.simulator.inject({ operation: "listKeys", times: 2, fault: page(status) });
    const refreshed = world.engine.refresh();
    await expect(refreshed).rejects.toThrow(TOLD);
    await expect(refreshed).rejects.toThrow(
      `(${String(status)}, text/html, server gateway/1.0). Next: ${next}`,
    );
    await refreshed.catch((error: unknown) => {
      expect((error as Error).message).not.toContain("<html>");
    });
    expect(world.engine.state).toBe(state);
  });

  test("what names itself at length, with secrets, is cut and cleaned", async () => {
    const { primary } = account.keys();
    const long = { "Content-Type": "x".repeat(500), Server: `gateway ${primary}` };
    world.simulator.inject({ operation: "get", fault: page(403, { headers: long }) });
    const failed = world.engine.up({ accountId });
    await expect(failed).rejects.toThrow(
      `(403, ${"x".repeat(100)}, server gateway [secret]). Next:`,
    );
  });
});

describe("to a key that is tried on the data plane", () => {
  const json = { "Content-Type": "application/json" };
  const macSignature = "The MAC signature found in the HTTP request is not the same as any";
  const inPlace =
    /something between this machine and the Batch service \(localhost:\d+\) has answered in its place \(/;

  test.each<[string, Fault, RegExp]>([
    ["a page with 200", page(200), inPlace],
    ["an empty 200", page(200, { body: "" }), inPlace],
    ["a 200 without a list", page(200, { body: "{}", headers: json }), inPlace],
    ["a page that speaks of the signature", page(403, { body: `<p>${macSignature}</p>` }), inPlace],
    [
      "a refusal without details",
      page(403, { body: '{"code":"Forbidden","message":"Public access is off.\\nId:1"}' }),
      /localhost:\d+ answered 403 Forbidden: Public access is off$/,
    ],
    [
      "a refusal with a message in a language",
      page(403, { body: '{"code":"Forbidden","message":{"lang":"en","value":"Not from here."}}' }),
      /localhost:\d+ answered 403 Forbidden: Not from here$/,
    ],
  ])("%s says nothing about the key", async (_, fault, reason) => {
    world.simulator.inject({ operation: "dataPlane", times: Infinity, fault });
    await world.engine.up({ accountId });
    expect(outputs()).toMatchObject({ keyVerification: "Unreachable" });
    const [warning = "", ...others] = world.told.filter((line) => line.startsWith("warning: "));
    expect(others).toEqual([]);
    expect(warning).toMatch(/the new Secondary key of .* is handed out untried: /);
    expect(warning).toMatch(reason);
  });

  test("the service's JSON that speaks of the signature refuses the key", async () => {
    const fault = page(403, { body: JSON.stringify({ message: macSignature }), headers: json });
    world.simulator.inject({ operation: "dataPlane", times: Infinity, fault });
    await expect(world.engine.up({ accountId })).rejects.toThrow(/refused the key's signature/);
  });
});
