import * as path from "node:path";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";

/* Keys in state are secrets because the provider says so: the program of this stack does not. */

jest.setTimeout(180_000);

const UP = ["up", "--yes", "--skip-preview"];
const KEYS = ["primaryKey", "secondaryKey", "currentKey", "previousKey"];

let engine: EngineFixture;
let account: SimulatedAccount;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "secretKeys") });
  account = engine.newAccount("rotated");
});
afterAll(() => engine.stop());

const args = (more: object = {}) => ({ accountId: account.id, ...more });

/** The keys in state are encrypted, and are those that the account has now. */
async function expectKeysInState(current: "primary" | "secondary"): Promise<void> {
  const encrypted = (await engine.resource())?.outputs ?? {};
  for (const name of KEYS) expect(encrypted[name]).toHaveProperty("ciphertext");
  expect(engine.secretsIn(JSON.stringify(await engine.workspace.stackExport()))).toBe(0);
  const { outputs = {} } = (await engine.resource({ showSecrets: true })) ?? {};
  const plain = (name: string): unknown =>
    JSON.parse((outputs[name] as { plaintext: string }).plaintext);
  expect({ primary: plain("primaryKey"), secondary: plain("secondaryKey") }).toEqual(
    account.keys(),
  );
  expect(plain("currentKey")).toBe(account.keys()[current]);
}

describe("one stack's life", () => {
  test("create", async () => {
    const { stdout } = await engine.up(args());
    expect(stdout).toContain("the hook got secrets");
    await expectKeysInState("secondary");
  });

  test("an update", async () => {
    const { stdout } = await engine.up(args({ version: 2 }));
    expect(stdout).toContain("the hook got secrets");
    await expectKeysInState("primary");
  });

  test("a refresh that finds another key", async () => {
    account.regenerate("Secondary");
    await engine.keep(engine.workspace.refresh());
    await expectKeysInState("primary");
  });

  test("an update that fails half-way, and the one that finishes", async () => {
    account.dataPlane = "Unreachable";
    const required = args({ version: 3, verifyKey: "Required" });
    await engine.up(required, { expectFailure: true });
    await expectKeysInState("primary");
    account.dataPlane = "Available";
    await engine.up(required);
    await expectKeysInState("secondary");
    expect(account.regenerations).toHaveLength(4);
  });

  test("nothing that was printed has a key in clear", () => {
    expect(engine.secretsIn(engine.printed)).toBe(0);
  });
});

/* What docs/reference/limits-and-cost.md says of keys in state, and keyVaultSecret.test.ts of none. */
describe("where Pulumi tells keys in clear all the same", () => {
  test("the SDK's debug events, which --json prints and an event log has; no other event", async () => {
    await engine.arguments(args({ version: 4 }));
    const { stdout, events } = await engine.overhear([...UP, "--json"]);
    for (const told of [stdout, events]) {
      const withKeys = told.split("\n").filter((line) => engine.secretsIn(line) > 0);
      expect(withKeys.length).toBeGreaterThan(0);
      for (const line of withKeys) {
        expect(JSON.parse(line)).toMatchObject({ diagnosticEvent: { severity: "debug" } });
      }
    }
  });

  test("a trace, the calls that PULUMI_DEBUG_GRPC writes down, and a log from --verbose=3 on", async () => {
    await engine.arguments(args({ version: 5 }));
    const log = ["--logtostderr", "--verbose=3"];
    const { stderr, messages, trace } = await engine.overhear([...UP, ...log]);
    for (const told of [stderr, messages, trace]) {
      expect(engine.secretsIn(told)).toBeGreaterThan(0);
    }
  });

  test("what --debug prints", async () => {
    await engine.arguments(args({ version: 6 }));
    const { stdout } = await engine.workspace.pulumi([...UP, "--debug"]);
    expect(engine.secretsIn(stdout)).toBeGreaterThan(0);
  });
});
