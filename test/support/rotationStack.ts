import * as path from "node:path";
import type { CommandResult } from "../../dev/workspace/command";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "./engineFixture";
import { host } from "./hosts";

/** What a rotation has decided once it was replaced, as the stack's outputs tell it. */
export const REPLACED = { generation: 2, keyToRotate: "Primary", rotationReason: "Replaced" };

/**
 * A stack of test/engine/resourceOptions for the tests of a file, under the engine itself. A test
 * gives it rotations by name: their arguments, and whatever resource options it is about.
 */
export function rotationStack(): RotationStack {
  const stack = new RotationStack();
  beforeAll(() => stack.start());
  afterAll(() => stack.engine.stop());
  afterEach(() => stack.engine.workspace.destroy());
  return stack;
}

class RotationStack {
  engine!: EngineFixture;

  async start(): Promise<void> {
    const preload = require.resolve("./shortSettlingTime.cjs");
    this.engine = await EngineFixture.start({
      host,
      project: path.join(__dirname, "../engine/resourceOptions"),
      environment: { NODE_OPTIONS: `--require ${preload}` },
    });
  }

  urn(name: string, type = host.type): string {
    return `urn:pulumi:${this.engine.workspace.stack}::resource-options::${type}::${name}`;
  }

  async up(rotations: object, flags: readonly string[] = []): Promise<CommandResult> {
    await this.engine.arguments({ rotations });
    return this.pulumi("up", "--yes", "--skip-preview", ...flags);
  }

  async preview(rotations: object, flags: readonly string[] = []): Promise<string> {
    await this.engine.arguments({ rotations });
    return (await this.pulumi("preview", "--diff", ...flags)).stdout;
  }

  pulumi(...args: string[]): Promise<CommandResult> {
    return this.engine.keep(this.engine.workspace.pulumi(args));
  }

  async currentKey(name: string): Promise<string> {
    const outputs = await this.engine.workspace.outputs({ showSecrets: true });
    return (outputs["currentKeys"] as Record<string, string>)[name] ?? "";
  }

  async decision(name = "keys"): Promise<unknown> {
    const outputs = await this.engine.workspace.outputs();
    return (outputs["decisions"] as Record<string, unknown>)[name];
  }

  /** A rotation of a new account, whose current key is the Secondary one: not liveKey's default. */
  async rotated(name: string): Promise<{ account: SimulatedAccount; held: string }> {
    const account = this.engine.newAccount(name);
    await this.up({ keys: { args: { accountId: account.id } } });
    const held = await this.currentKey("keys");
    expect(held).toBe(account.keys().secondary);
    return { account, held };
  }

  /** The key that was held works, the new one too, and one key has changed since, once. */
  async expectRotatedOnce(account: SimulatedAccount, held: string): Promise<void> {
    expect(account.accepts(held)).toBe(true);
    expect(account.accepts(await this.currentKey("keys"))).toBe(true);
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
  }
}
