import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { CommandResult } from "../../dev/workspace/command";
import type { SimulatedAccount } from "../../simulator";
import type { EngineFixture } from "../support/engineFixture";
import { startWithPlugin } from "../support/pluginFixture";
import { EXAMPLES, outputsOf } from "./exampleStack";

/** How a program is previewed, or brought up. */
export interface RunOptions {
  readonly diff?: boolean;
  /** A file: a preview writes it, an update is bound to it. */
  readonly plan?: string;
  readonly target?: readonly string[];
}

/** Runs the program of a copy of an example. */
export type RunProgram = (
  command: "preview" | "up",
  options: RunOptions,
  stack: string,
) => Promise<CommandResult>;

/** A language of Pulumi's. */
export interface Language {
  /** Makes an example's copy ready to be run. */
  prepare(engine: EngineFixture): Promise<RunProgram>;
  /** Whether a program can tell the plugin that it is previewed, so that plans of rotations hold. */
  readonly tellsPreviews: boolean;
}

const ROTATION = "azure-batch-key-rotation:index:BatchAccountKeyRotation";

/** An example of the provider plugin on a stack, with the program run by its language. */
export class LanguageExample {
  #stack: string;

  static async start(
    name: string,
    language: Language,
    environment: Record<string, string> = {},
  ): Promise<LanguageExample> {
    const engine = await startWithPlugin(path.join(EXAMPLES, name), environment);
    try {
      return new LanguageExample(engine, await language.prepare(engine));
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  private constructor(
    readonly engine: EngineFixture,
    readonly run: RunProgram,
  ) {
    this.#stack = engine.workspace.stack;
  }

  preview(options: RunOptions = {}): Promise<CommandResult> {
    return this.engine.keep(this.run("preview", options, this.#stack));
  }

  up(options: RunOptions = {}): Promise<CommandResult> {
    return this.engine.keep(this.run("up", options, this.#stack));
  }

  pulumi(...args: string[]): Promise<CommandResult> {
    return this.engine.keep(this.engine.workspace.pulumi(args));
  }

  /** Goes on with another stack, a new one. */
  async beginStack(name: string): Promise<void> {
    await this.pulumi("stack", "init", name);
    this.#stack = name;
  }

  /** Puts an account under a rotation that the program has. */
  async import(name: string, accountId: string, ...flags: string[]): Promise<CommandResult> {
    const file = path.join(this.engine.workspace.projectFolder, "Pulumi.yaml");
    const project = await fs.readFile(file, "utf8");
    // The import needs the host of the project's language, though it has nothing to ask it.
    await fs.writeFile(file, project.replace(/^runtime: .*$/m, "runtime: yaml"));
    try {
      const what = [ROTATION, name, accountId, "--yes", "--generate-code=false", "--protect=false"];
      return await this.pulumi("import", ...what, ...flags);
    } finally {
      await fs.writeFile(file, project);
    }
  }

  /** Whether each key in state is encrypted. */
  async expectKeysEncrypted(): Promise<void> {
    const { engine } = this;
    const state = JSON.stringify(await engine.workspace.stackExport());
    expect(engine.secretsIn(state)).toBe(0);
    const decrypted = JSON.stringify(await engine.workspace.stackExport({ showSecrets: true }));
    expect(engine.secretsIn(decrypted)).toBeGreaterThan(0);
  }
}

/** All that one does with a rotation, on the example of a language's name. */
export function testLifecycle(name: string, language: Language): void {
  let example: LanguageExample;
  let account: SimulatedAccount;

  beforeAll(async () => {
    example = await LanguageExample.start(name, language);
    account = example.engine.newAccount(`${name}account`);
    await example.engine.workspace.setConfig("accountId", account.id);
  });
  afterAll(() => example.engine.stop());

  const outputs = () => outputsOf(example.engine);
  const rotated = () => account.regenerations.map(({ keyName }) => keyName);

  test("a preview says which key will be made, and makes none", async () => {
    const { stdout } = await example.preview({ diff: true });
    expect(stdout).toMatch(/keyToRotate\s*: "Secondary"/);
    expect(rotated()).toEqual([]);
  });

  test("creating it rotates the key that nobody holds, and changes nothing the next time", async () => {
    const held = account.keys().primary;
    await example.up();
    expect(rotated()).toEqual(["Secondary"]);
    const { currentKey = "", currentKeyName, accounts } = await outputs();
    expect(currentKeyName).toBe("Secondary");
    expect([currentKey, held].map((key) => account.accepts(key))).toEqual([true, true]);
    expect(JSON.stringify(accounts)).toContain(account.name);
    await example.expectKeysEncrypted();

    expect((await example.up()).stdout).toMatch(/^ +2 unchanged$/m);
    expect(rotated()).toEqual(["Secondary"]);
  });

  test("a larger version rotates the other key, as the preview says", async () => {
    const { currentKey: held = "" } = await outputs();
    const plan = path.join(example.engine.workspace.projectFolder, "plan.json");
    const planned = language.tellsPreviews ? { plan } : {};
    await example.engine.workspace.setConfig("keyVersion", "2");
    const { stdout } = await example.preview({ diff: true, ...planned });
    expect(stdout).toMatch(/keyToRotate\s*: "Secondary" => "Primary"/);
    expect(stdout).toMatch(/rotationReason\s*: "Created" => "VersionChanged"/);
    expect(rotated()).toHaveLength(1);

    await example.up(planned);
    expect(rotated()).toEqual(["Secondary", "Primary"]);
    const { currentKey = "", currentKeyName } = await outputs();
    expect(currentKeyName).toBe("Primary");
    expect([currentKey, held].map((key) => account.accepts(key))).toEqual([true, true]);
    await example.expectKeysEncrypted();
  });

  test("a refresh changes nothing", async () => {
    const { stdout, stderr } = await example.pulumi("refresh", "--yes");
    expect(stdout).toMatch(/^ +2 unchanged$/m);
    expect(stdout + stderr).not.toContain("warning");
    await example.expectKeysEncrypted();
  });

  test("another stack imports the account, and its program changes no key", async () => {
    await example.beginStack("imported");
    await example.engine.workspace.setConfig("accountId", account.id);
    await example.engine.workspace.setConfig("keyVersion", "7");
    const { stdout, stderr } = await example.import("keys", account.id);
    expect(stdout).toMatch(/^ += 1 imported$/m);
    expect(stdout + stderr).not.toContain("warning");
    await example.expectKeysEncrypted();

    await example.up();
    expect(await outputs()).toMatchObject({ currentKey: account.keys().primary });
    expect((await example.preview()).stdout).toMatch(/^ +2 unchanged$/m);
    expect(rotated()).toHaveLength(2);
  });

  test("destroying it, in both stacks, leaves the keys as they are", async () => {
    const keys = account.keys();
    await example.pulumi("destroy", "--yes");
    expect(await outputs()).toEqual({});
    await example.pulumi("destroy", "--yes", "--stack", example.engine.workspace.stack);
    expect(account.keys()).toEqual(keys);
  });

  test("no key was shown", () => {
    expect(example.engine.printed).toContain("[secret]");
    expect(example.engine.secretsIn(example.engine.printed)).toBe(0);
  });
}
