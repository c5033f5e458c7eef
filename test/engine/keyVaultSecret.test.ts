import type { SimulatedAccount, SimulatedVault } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";
import { host } from "../support/hosts";
import { rotationStack } from "../support/rotationStack";

/* keyVaultSecret under Pulumi's own engine: no key passes through it, and the vault is the record. */

jest.setTimeout(180_000);

function versionsOf(vault: SimulatedVault, { name }: SimulatedAccount) {
  return vault.secretVersions(`${name}-key`);
}

/** What applications read now. */
function inUse(vault: SimulatedVault, account: SimulatedAccount): string {
  return versionsOf(vault, account).findLast(({ attributes }) => attributes.enabled)?.value ?? "";
}

describe("one stack's life: no key of any time is in state, on the terminal or in the engine", () => {
  const UP = ["up", "--yes", "--skip-preview"];

  let engine: EngineFixture;
  let account: SimulatedAccount;
  let vault: SimulatedVault;

  beforeAll(async () => {
    engine = await EngineFixture.start({ host });
    account = engine.newAccount("rotated");
    vault = engine.simulator.createVault({ name: "vault" });
  });
  afterAll(() => engine.stop());

  const args = (more: object = {}) => ({
    accountId: account.id,
    keyVaultSecret: { vaultUri: vault.uri },
    ...more,
  });
  const generations = () => versionsOf(vault, account).map(({ tags }) => tags?.["Generation"]);

  /** Where keys are after a command; it is run with the arguments. */
  async function run(command: readonly string[], its: object, { expectFailure = false } = {}) {
    await engine.arguments(its);
    const overheard = await engine.overhear(command, { expectFailure });
    const { stdout, stderr, messages, events, trace } = overheard;
    expect(messages).toContain("/pulumirpc.ResourceProvider/");
    expect(events).toContain("summaryEvent");
    expect(trace).toContain("/pulumirpc.ResourceProvider/");
    const state = JSON.stringify(await engine.workspace.stackExport({ showSecrets: true }));
    // What is in state at all is encrypted, whatever became of the update.
    expect(engine.secretsIn(JSON.stringify(await engine.workspace.stackExport()))).toBe(0);
    const keys = {
      printed: engine.secretsIn(stdout + stderr),
      messages: engine.secretsIn(messages),
      events: engine.secretsIn(events),
      trace: engine.secretsIn(trace),
      state: engine.secretsIn(state),
    };
    return { stdout, keys };
  }

  /** The same, where no key may be anywhere, and applications' key has to work. */
  async function runWithoutKeys(...[command, its, options]: Parameters<typeof run>) {
    const { stdout, keys } = await run(command, its, options);
    expect(keys).toEqual({ printed: 0, messages: 0, events: 0, trace: 0, state: 0 });
    expect(account.accepts(inUse(vault, account))).toBe(true);
    return stdout;
  }

  test("create hands the key out in the secret", async () => {
    await runWithoutKeys(UP, args());
    expect(inUse(vault, account)).toBe(account.keys().secondary);
    expect(await engine.workspace.outputs()).toEqual({
      currentKeyName: "Secondary",
      keyVerification: "Verified",
    });
  });

  test("the preview of a bump shows which key will rotate, and sends nothing", async () => {
    let shown = "";
    const requests = await engine.requestsOf(async () => {
      shown = await runWithoutKeys(["preview", "--diff"], args({ version: 2 }));
    });
    expect(requests).toEqual([]);
    expect(shown).toMatch(/~ keyToRotate\s*: "Secondary" => "Primary"/);
  });

  test("a bump writes the other key, and the one before still works", async () => {
    const held = inUse(vault, account);
    await runWithoutKeys(UP, args({ version: 2 }));
    expect(inUse(vault, account)).toBe(account.keys().primary);
    expect(account.accepts(held)).toBe(true);
  });

  test("an up without changes sends nothing", async () => {
    const requests = await engine.requestsOf(async () => {
      expect(await runWithoutKeys(UP, args({ version: 2 }))).toContain("2 unchanged");
    });
    expect(requests).toEqual([]);
  });

  test("a refresh finds nothing new", async () => {
    const shown = await runWithoutKeys(["refresh", "--yes"], args({ version: 2 }));
    expect(shown).toContain("2 unchanged");
    expect(await runWithoutKeys(UP, args({ version: 2 }))).toContain("2 unchanged");
    expect(account.regenerations).toHaveLength(2);
  });

  test("an update whose write fails leaves the key in use, and the next one writes without another rotation", async () => {
    const held = inUse(vault, account);
    const fault = engine.simulator.inject({
      operation: "setVaultSecret",
      times: Infinity,
      fault: { kind: "Error", status: 400, code: "BadParameter" },
    });
    const failed = await runWithoutKeys(UP, args({ version: 3 }), { expectFailure: true });
    fault.remove();
    expect(failed).toContain('could not write secret "rotated-key"');
    expect(inUse(vault, account)).toBe(held);

    await runWithoutKeys(UP, args({ version: 3 }));
    expect(account.regenerations).toHaveLength(3);
    expect(inUse(vault, account)).toBe(account.keys().secondary);
    expect(account.accepts(held)).toBe(true);
    expect(generations()).toEqual(["1", "2", "3"]);
  });

  test("revokePreviousAfter disables the version whose key it kills", async () => {
    const held = inUse(vault, account);
    await runWithoutKeys(UP, args({ version: 3, revokePreviousAfter: "PT1S" }));
    const versions = versionsOf(vault, account);
    const [, previous] = versions;
    expect(account.accepts(previous?.value ?? "")).toBe(false);
    expect(previous?.attributes.enabled).toBe(false);
    expect(inUse(vault, account)).toBe(held);
  });

  test("destroy leaves the secret, and its key works", async () => {
    const held = inUse(vault, account);
    await runWithoutKeys(["destroy", "--yes"], args({ version: 3 }));
    expect(inUse(vault, account)).toBe(held);
    expect(await engine.resource()).toBeUndefined();
  });

  describe("a rotation without keyVaultSecret", () => {
    let other: SimulatedAccount;
    const namesInState = async () => (await engine.resource())?.["additionalSecretOutputs"];

    test("has keys in state, messages, events and traces", async () => {
      other = engine.newAccount("other");
      const { keys } = await run(UP, { accountId: other.id });
      expect(keys).toEqual({ printed: 0, messages: 2, events: 2, trace: 2, state: 2 });
      expect(await namesInState()).toHaveLength(4);
    });

    test("keeps them in state, encrypted, when the first write to the secret fails", async () => {
      const fault = engine.simulator.inject({
        operation: "setVaultSecret",
        times: Infinity,
        fault: { kind: "Error", status: 400, code: "BadParameter" },
      });
      const { keys } = await run(UP, args({ accountId: other.id }), { expectFailure: true });
      fault.remove();
      expect(keys).toMatchObject({ printed: 0, state: 2 });
      // The program does not ask for their encryption any more.
      expect(await namesInState()).toBeUndefined();
    });

    test("has none once keyVaultSecret is given and written", async () => {
      const { keys } = await run(UP, args({ accountId: other.id }));
      expect(keys).toMatchObject({ printed: 0, state: 0 });
      expect(inUse(vault, other)).toBe(other.keys().secondary);
      expect(other.regenerations).toHaveLength(1);
    });
  });
});

describe("the vault is the record: the key in use lives through", () => {
  const stack = rotationStack();
  let vault: SimulatedVault;

  beforeAll(() => {
    vault = stack.engine.simulator.createVault({ name: "vault" });
  });

  /** Updates the stack; what applications had before works after it, and so does what they have now. */
  async function up(account: SimulatedAccount, version: number, name = "keys"): Promise<void> {
    const held = inUse(vault, account);
    const args = { accountId: account.id, version, keyVaultSecret: { vaultUri: vault.uri } };
    await stack.up({ [name]: { args } });
    if (held !== "") expect(account.accepts(held)).toBe(true);
    expect(account.accepts(inUse(vault, account))).toBe(true);
  }

  /** An account after so many rotations. After one, what is in use is not liveKey's default. */
  async function rotated(name: string, version: number): Promise<SimulatedAccount> {
    const account = stack.engine.newAccount(name);
    for (let each = 1; each <= version; each++) await up(account, each);
    expect(account.regenerations).toHaveLength(version);
    return account;
  }

  test("a rename without an alias", async () => {
    const account = await rotated("renamed", 1);
    await up(account, 1, "renamed");
    expect(account.regenerations).toHaveLength(1);
    await up(account, 2, "renamed-with-a-bump");
    expect(account.regenerations).toHaveLength(2);
  });

  test("rotations of many accounts at once, in one vault", async () => {
    const accounts = ["one", "two", "three", "four", "five", "six"].map((name) =>
      stack.engine.newAccount(name),
    );
    const rotations = (version: number) =>
      Object.fromEntries(
        accounts.map(({ id: accountId, name }) => [
          name,
          { args: { accountId, version, keyVaultSecret: { vaultUri: vault.uri } } },
        ]),
      );
    await stack.up(rotations(1));
    const held = accounts.map((account) => inUse(vault, account));
    await stack.up(rotations(2));
    accounts.forEach((account, index) => {
      expect(account.accepts(held[index] ?? "")).toBe(true);
      expect(inUse(vault, account)).toBe(account.keys().primary);
      expect(account.regenerations).toHaveLength(2);
    });
  });

  test("state that was deleted", async () => {
    const account = await rotated("deleted", 1);
    await stack.pulumi("state", "delete", stack.urn("keys"), "--yes");
    await up(account, 1);
    expect(account.regenerations).toHaveLength(1);
    await up(account, 2);
  });

  test("destroy and a new create", async () => {
    const account = await rotated("destroyed", 2);
    await stack.engine.workspace.destroy();
    await up(account, 2);
    await up(account, 3);
  });

  test("two stacks that rotate the account in turn, and the one that is out of date is refused", async () => {
    const account = await rotated("shared", 1);
    await stack.pulumi("stack", "init", "second");
    await up(account, 1);
    expect(account.regenerations).toHaveLength(1);

    await stack.pulumi("stack", "select", "dev");
    await up(account, 2);
    await stack.pulumi("stack", "select", "second");
    await up(account, 2);
    expect(account.regenerations).toHaveLength(2);
    await up(account, 3);
    expect(account.regenerations).toHaveLength(3);

    await stack.pulumi("stack", "select", "dev");
    const held = inUse(vault, account);
    await expect(up(account, 4)).rejects.toThrow(
      /holds the Secondary key \(generation 3\).*another stack rotates the account too, or this stack's state is out of date/,
    );
    expect(account.regenerations).toHaveLength(3);
    expect(inUse(vault, account)).toBe(held);

    // What the message says to do.
    await stack.pulumi("state", "delete", stack.urn("keys"), "--yes");
    await up(account, 4);
    expect(inUse(vault, account)).toBe(held);
    await up(account, 5);
    expect(account.regenerations).toHaveLength(4);
  });
});
