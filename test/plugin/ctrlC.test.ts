import * as path from "node:path";
import { addPlugin } from "../../dev/workspace/plugin";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";

/* Ctrl-C under Pulumi's own engine. interrupted.test.ts has what the plugin makes of Cancel. */

jest.setTimeout(120_000);

let engine: EngineFixture;
let account: SimulatedAccount;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "program") });
  await addPlugin(engine.workspace);
  account = engine.newAccount("account");
  await engine.up({ accountId: account.id });
});
afterAll(() => engine.stop());

/** Interrupts `pulumi up` as soon as it has printed something; answers what it has printed in all. */
async function interruptedAt(text: string): Promise<{ stdout: string; took: number }> {
  const ctrlC = new AbortController();
  let printed = "";
  let pressed = 0;
  const { stdout } = await engine.keep(
    engine.workspace.pulumi(["up", "--yes", "--skip-preview"], {
      expectFailure: true,
      signal: ctrlC.signal,
      onOutput: (more) => {
        printed += more;
        if (pressed > 0 || !printed.includes(text)) return;
        pressed = performance.now();
        ctrlC.abort();
      },
    }),
  );
  return { stdout, took: performance.now() - pressed };
}

function regenerated(): string[] {
  return account.regenerations.map(({ keyName }) => keyName);
}

test("Ctrl-C while a new key is tried saves both keys at once, and the next up finishes without a rotation", async () => {
  const { currentKey: held } = await engine.workspace.outputs({ showSecrets: true });
  account.dataPlane = "Rejecting";
  await engine.arguments({ accountId: account.id, version: 2 });
  const { stdout, took } = await interruptedAt("waiting for the new Primary key");
  // It would be tried for a minute and a half.
  expect(took).toBeLessThan(20_000);
  expect(stdout).toMatch(
    /BatchAccountKeyRotation \(keys\):\n(.*\n)*.*waiting for the new Primary key/,
  );
  const resource = await engine.resource({ showSecrets: true });
  expect(resource).toMatchObject({
    inputs: { version: 1, generation: 1 },
    outputs: { version: 2, generation: 2, currentKeyName: "Secondary" },
  });

  account.dataPlane = "Available";
  expect(account.accepts(String(held))).toBe(true);
  await engine.up({ accountId: account.id, version: 2 });
  expect(regenerated()).toEqual(["Secondary", "Primary"]);
  const { currentKey } = await engine.workspace.outputs({ showSecrets: true });
  expect(currentKey).toBe(account.keys().primary);
  expect(engine.secretsIn(engine.printed)).toBe(0);
});

test("Ctrl-C while Azure has asked to wait changes nothing, and sends nothing more", async () => {
  engine.simulator.inject({
    operation: "regenerateKeys",
    times: Infinity,
    fault: {
      kind: "Error",
      status: 429,
      code: "TooManyRequests",
      headers: { "Retry-After": "120" },
    },
  });
  await engine.arguments({ accountId: account.id, version: 3 });
  const { stdout, took } = await interruptedAt("its next attempt, which comes 120 s after a 429");
  expect(took).toBeLessThan(20_000);
  expect(stdout).toContain("it was interrupted when it waited for its next attempt");
  expect(regenerated()).toEqual(["Secondary", "Primary"]);
  expect((await engine.resource())?.outputs).toMatchObject({ version: 2, generation: 2 });
});
