import type { CommandResult, RunningCommand } from "../../dev/workspace/command";
import type { InjectedFault, SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";

/*
 * Ctrl-C and customTimeouts under Pulumi's own engine, with the dynamic resource, which hears of neither. The
 * plugin does: test/plugin/ctrlC.test.ts, interrupted.test.ts. docs/guides/interrupting.md has both.
 */

jest.setTimeout(120_000);

let engine: EngineFixture;
let account: SimulatedAccount;
let version = 1;
let held: string;

beforeAll(async () => {
  engine = await EngineFixture.start();
  account = engine.newAccount("account");
  await engine.up({ accountId: account.id });
});
afterAll(() => engine.stop());

beforeEach(async () => {
  version += 1;
  held = await currentKey();
  account.dataPlane = "Rejecting";
});
afterEach(async () => {
  // Whatever was interrupted: the key in use works, and the next up rotates to one that does.
  account.dataPlane = "Available";
  expect(account.accepts(held)).toBe(true);
  await engine.up({ accountId: account.id, version });
  expect(await currentKey()).not.toBe(held);
  expect(account.accepts(await currentKey())).toBe(true);
  expect(account.accepts(held)).toBe(true);
  expect(engine.secretsIn(engine.printed)).toBe(0);
});

async function currentKey(): Promise<string> {
  return String((await engine.workspace.outputs({ showSecrets: true }))["currentKey"]);
}

/** Starts to rotate, and presses Ctrl-C each time that one of the texts has been printed. */
async function interruptedAt(...texts: readonly string[]): Promise<{
  readonly running: RunningCommand;
  readonly end: Promise<CommandResult>;
}> {
  await engine.arguments({ accountId: account.id, version });
  let printed = "";
  let pressed = 0;
  let afterLast: () => void;
  const done = new Promise<void>((resolve) => (afterLast = resolve));
  const running = engine.workspace.start(["up", "--yes", "--skip-preview"], {
    onOutput: (text) => {
      printed += text;
      const awaited = texts[pressed];
      if (awaited === undefined || !printed.includes(awaited)) return;
      pressed += 1;
      running.process.kill("SIGINT");
      if (pressed === texts.length) afterLast();
    },
  });
  const end = engine.keep(running.completion);
  await Promise.race([done, end]);
  expect(pressed).toBe(texts.length);
  return { running, end };
}

function regenerations(): number {
  return account.regenerations.length;
}

const TRYING = "waiting for the new";
const CANCELLING = "^C received; cancelling";

test("Ctrl-C while a new key is tried lets the trial come to its end, and saves what came of it", async () => {
  const before = regenerations();
  const { end } = await interruptedAt(TRYING);
  account.dataPlane = "Available";
  const { exitCode, stdout } = await end;
  expect(exitCode).not.toBe(0);
  expect(stdout).toContain(CANCELLING);
  expect((await engine.resource())?.outputs).toMatchObject({
    version,
    generation: 2,
    keyVerification: "Verified",
  });
  await engine.up({ accountId: account.id, version });
  expect(regenerations()).toBe(before + 1);
});

test("a second Ctrl-C ends it at once, and the next up regenerates that same key again", async () => {
  const { end } = await interruptedAt(TRYING, CANCELLING);
  await end;
  expect(await engine.workspace.processes()).toEqual([]);
  expect((await engine.resource())?.outputs).toMatchObject({ version: version - 1 });
  const [interrupted] = account.regenerations.slice(-1);
  const before = regenerations();
  account.dataPlane = "Available";
  await engine.up({ accountId: account.id, version });
  expect(account.regenerations.slice(before)).toMatchObject([{ keyName: interrupted?.keyName }]);
});

test("customTimeouts do not end the trial of a key", async () => {
  await engine.arguments({ accountId: account.id, version, customTimeouts: { update: "1s" } });
  const up = engine.workspace.up({
    skipPreview: true,
    onOutput: (text) => {
      if (text.includes("(4 s so far)")) account.dataPlane = "Available";
    },
  });
  expect((await engine.keep(up)).stdout).toContain("(4 s so far)");
  expect((await engine.resource())?.outputs).toMatchObject({
    version,
    keyVerification: "Verified",
  });
});

describe("while Azure has asked to wait", () => {
  let limit: InjectedFault;
  beforeEach(() => {
    account.dataPlane = "Available";
    limit = engine.simulator.inject({
      operation: "regenerateKeys",
      fault: {
        kind: "Error",
        status: 429,
        code: "TooManyRequests",
        headers: { "Retry-After": "15" },
      },
    });
  });
  const WAITING = "its next attempt, which comes 15 s after a 429";

  test("Ctrl-C lets the rotation wait, happen and be saved", async () => {
    const before = regenerations();
    await (
      await interruptedAt(WAITING)
    ).end;
    expect(limit.hits).toBe(1);
    expect(regenerations()).toBe(before + 1);
    expect((await engine.resource())?.outputs).toMatchObject({ version });
  });

  test("a second Ctrl-C ends it before a key has changed", async () => {
    const before = regenerations();
    await (
      await interruptedAt(WAITING, CANCELLING)
    ).end;
    expect(await engine.workspace.processes()).toEqual([]);
    expect(regenerations()).toBe(before);
    expect((await engine.resource())?.outputs).toMatchObject({ version: version - 1 });
  });
});
