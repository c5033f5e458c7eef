import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { automation } from "@pulumi/pulumi";
import {
  type SimulatedAccount,
  type Simulator,
  startSimulator,
} from "pulumi-azure-batch-key-rotation/simulator";

/** The tests' own folder, for settings and state: the project's is only read, whatever happens. */
const FOLDER = mkdtempSync(join(tmpdir(), "rotation-"));
let simulator: Simulator | undefined;
let account: SimulatedAccount;
let stack: automation.Stack;

beforeAll(async () => {
  simulator = await startSimulator();
  account = simulator.account(simulator.createAccount({ name: "jobs" }));
  const project = await automation.LocalWorkspace.create({ workDir: __dirname });
  stack = await automation.LocalWorkspace.createStack(
    { stackName: "test", workDir: FOLDER },
    {
      projectSettings: { ...(await project.projectSettings()), main: __dirname },
      envVars: {
        ...simulator.environment(), // ARM_* and the certificate to trust
        PULUMI_BACKEND_URL: `file://${FOLDER}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
      },
    },
  );
  await stack.setConfig("accountId", { value: account.id });
});

// Of what beforeAll has come to: a simulator that is left open keeps Jest from ending.
afterAll(async () => {
  await simulator?.close();
  rmSync(FOLDER, { recursive: true });
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
