import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import {
  type SimulatedAccount,
  type Simulator,
  startSimulator,
} from "pulumi-azure-batch-key-rotation/simulator";

const STATE = mkdtempSync(join(tmpdir(), "state-"));
let simulator: Simulator;
let account: SimulatedAccount;
let stack: Stack;

beforeAll(async () => {
  simulator = await startSimulator();
  account = simulator.account(simulator.createAccount({ name: "jobs" }));
  stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", workDir: __dirname },
    {
      envVars: {
        ...simulator.environment(), // ARM_* and the certificate to trust
        PULUMI_BACKEND_URL: `file://${STATE}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
      },
    },
  );
  await stack.setConfig("accountId", { value: account.id });
});

afterAll(async () => {
  await stack.destroy({ remove: true }); // with its settings, Pulumi.test.yaml
  await simulator.close();
  rmSync(STATE, { recursive: true });
});

/** Runs `pulumi up` and returns the key that the application reads after it. */
async function keyAfterUp(keyVersion: number): Promise<string> {
  await stack.setConfig("keyVersion", { value: String(keyVersion) });
  const { outputs } = await stack.up();
  expect(outputs["batchSettings"]?.secret).toBe(true);
  const { key } = JSON.parse(String(outputs["batchSettings"]?.value)) as { key: string };
  return key;
}

test("a rotation gives the application a new key, and the one it holds goes on working", async () => {
  const held = await keyAfterUp(1);
  const next = await keyAfterUp(2);
  expect(next).not.toBe(held);
  expect(account.accepts(next)).toBe(true);
  expect(account.accepts(held)).toBe(true);
});

test("a lock on the account fails the update and leaves both keys alone", async () => {
  const before = account.keys();
  account.locked = true;
  await expect(keyAfterUp(3)).rejects.toThrow("ScopeLocked");
  expect(account.keys()).toEqual(before);

  account.locked = false;
  expect(account.accepts(await keyAfterUp(3))).toBe(true);
});
