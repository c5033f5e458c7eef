import * as path from "node:path";
import type { CommandResult } from "../../dev/workspace/command";
import { addPlugin } from "../../dev/workspace/plugin";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";

/*
 * A rotation that goes from the dynamic resource to the plugin, and back, under Pulumi's own engine.
 * docs/guides/migrate-to-plugin.md says what is tested here.
 */

jest.setTimeout(180_000);

const DYNAMIC_TYPE = "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation";
const PLUGIN_TYPE = "azure-batch-key-rotation:index:BatchAccountKeyRotation";

type By = "dynamic" | "plugin" | "plugin without an alias" | "dynamic again";

let engine: EngineFixture;
let account: SimulatedAccount;

async function start(environment: Record<string, string> = {}): Promise<EngineFixture> {
  const started = await EngineFixture.start({
    project: path.join(__dirname, "migration"),
    environment,
  });
  await addPlugin(started.workspace);
  return started;
}

beforeAll(async () => {
  engine = await start();
});
afterAll(() => engine.stop());

async function program(by: By, args: object = {}): Promise<void> {
  await engine.arguments({ by, accountId: account.id, ...args });
}

async function up(by: By, args: object = {}, ...flags: string[]): Promise<CommandResult> {
  await program(by, args);
  return engine.keep(engine.workspace.pulumi(["up", "--yes", "--skip-preview", ...flags]));
}

/** Changes nothing, and asks Azure nothing. */
async function expectNoChange(by: By, args: object = {}): Promise<void> {
  const requests = await engine.requestsOf(async () => {
    await up(by, args, "--expect-no-changes");
  });
  expect(requests).toEqual([]);
}

async function fails(by: By, args: object = {}): Promise<string> {
  await program(by, args);
  const failed = engine.workspace.up({ skipPreview: true, expectFailure: true });
  return (await engine.keep(failed)).stdout;
}

async function currentKey(): Promise<string> {
  const outputs = await engine.workspace.outputs({ showSecrets: true });
  return outputs["currentKey"] as string;
}

function regenerated(): string[] {
  return account.regenerations.map(({ keyName }) => keyName);
}

/** The key that was held works, and so does the current one, which is another. */
async function expectRotated(held: string, keys: readonly string[]): Promise<void> {
  expect(regenerated()).toEqual(keys);
  const current = await currentKey();
  expect(current).not.toBe(held);
  expect(account.accepts(held)).toBe(true);
  expect(account.accepts(current)).toBe(true);
}

describe("one stack's life, from the dynamic resource to the plugin and back, step by step", () => {
  let held: string;

  beforeAll(async () => {
    account = engine.newAccount("moving");
    await up("dynamic");
    held = await currentKey();
  });

  test("the move to the plugin shows no change, and asks Azure nothing", async () => {
    await program("plugin");
    await engine.workspace.pulumi(["preview", "--expect-no-changes"]);
    await expectNoChange("plugin");
    expect((await engine.resource())?.type).toBe(PLUGIN_TYPE);
  });

  test("a refresh then finds nothing new", async () => {
    await engine.workspace.pulumi(["refresh", "--yes", "--expect-no-changes"]);
    await expectNoChange("plugin");
  });

  test("a bump then regenerates the key that nobody holds, and leaves nothing of the dynamic resource", async () => {
    await up("plugin", { version: 2 });
    await expectRotated(held, ["Secondary", "Primary"]);
    held = await currentKey();
    const { inputs, outputs } = (await engine.resource()) ?? {};
    expect(Object.keys({ ...inputs, ...outputs })).not.toContain("__provider");
  });

  test("to take the alias away later shows no change", async () => {
    await expectNoChange("plugin without an alias", { version: 2 });
    await expectNoChange("plugin", { version: 2 });
  });

  test("on the way back, a refresh before the update is the plugin's, and one that runs the program fails", async () => {
    await program("dynamic again", { version: 2 });
    await engine.workspace.pulumi(["refresh", "--yes", "--expect-no-changes"]);
    const { stdout } = await engine.workspace.pulumi(["refresh", "--yes", "--run-program"], {
      expectFailure: true,
    });
    expect(stdout).toContain("code must be a string, not undefined");
    expect((await engine.resource())?.type).toBe(PLUGIN_TYPE);
  });

  test("the preview of the way back shows an update of the provider, and of no property", async () => {
    await program("dynamic again", { version: 2 });
    const { stdout } = await engine.workspace.preview({ diff: true });
    expect(stdout).toContain("~ 1 to update");
    expect(stdout).toContain("[provider: ");
    expect(stdout).not.toMatch(/^\s*[~+-] \w+\s*:/m);
  });

  test("the update of the way back writes what the dynamic provider needs, and asks Azure nothing", async () => {
    const requests = await engine.requestsOf(async () => {
      const { stdout } = await up("dynamic again", { version: 2 });
      expect(stdout).toContain("~ 1 updated");
    });
    expect(requests).toEqual([]);
    const resource = await engine.resource();
    expect(resource?.type).toBe(DYNAMIC_TYPE);
    expect(resource?.outputs).toHaveProperty("__provider");
    await expectNoChange("dynamic again", { version: 2 });
    expect(await currentKey()).toBe(held);
  });

  test("a refresh and a bump go on from there, without the alias as well", async () => {
    await engine.workspace.pulumi(["refresh", "--yes", "--expect-no-changes"]);
    await up("dynamic", { version: 3 });
    await expectRotated(held, ["Secondary", "Primary", "Secondary"]);
  });

  test("no key and no credential stands in clear in state or in anything printed", async () => {
    const state = JSON.stringify(await engine.workspace.stackExport());
    expect(engine.secretsIn(state + engine.printed)).toBe(0);
  });

  test("destroy changes nothing in Azure", async () => {
    const requests = await engine.requestsOf(() => engine.workspace.destroy());
    expect(requests).toEqual([]);
    expect(await engine.resource()).toBeUndefined();
  });
});

describe("moves of other kinds", () => {
  afterEach(async () => {
    await engine.workspace.destroy();
  });

  test.each([
    { from: "dynamic", to: "plugin" },
    { from: "plugin", to: "dynamic again" },
  ] as const)(
    "a rotation that $from has half finished is finished by $to, without another one",
    async ({ from, to }) => {
      account = engine.newAccount(`half${from}`);
      await up(from);
      const held = await currentKey();
      account.dataPlane = "Unreachable";
      const args = { version: 2, verifyKey: "Required" };
      expect(await fails(from, args)).toContain("could not be reached");
      expect(await fails(to, args)).toContain("could not be reached");
      expect(await currentKey()).toBe(held);
      account.dataPlane = "Available";
      await up(to, args);
      await expectRotated(held, ["Secondary", "Primary"]);
      await expectNoChange(to, args);
    },
  );

  test("a bump in the update that moves regenerates the key that nobody holds, there and back", async () => {
    account = engine.newAccount("atonce");
    await up("dynamic");
    const first = await currentKey();
    await up("plugin", { version: 2 });
    await expectRotated(first, ["Secondary", "Primary"]);
    const second = await currentKey();
    await up("dynamic again", { version: 3 });
    await expectRotated(second, ["Secondary", "Primary", "Secondary"]);
  });

  test("without an alias the plugin's rotation is another one, and goes on from the key in use", async () => {
    account = engine.newAccount("noalias");
    await up("dynamic");
    const held = await currentKey();
    const { stdout } = await up("plugin without an alias");
    expect(stdout).toContain("+ 1 created\n    - 1 deleted");
    expect(await currentKey()).toBe(held);
    expect(regenerated()).toEqual(["Secondary"]);
  });

  test("keys that go to a secret stay there: it is written by the next rotation, not by a move", async () => {
    account = engine.newAccount("invault");
    const vault = engine.simulator.createVault({ name: "vault" });
    const args = { keyVaultSecret: { vaultUri: vault.uri } };
    const written = () => vault.secretVersions("invault-key");
    await up("dynamic", args);
    await expectNoChange("plugin", args);
    expect(written()).toHaveLength(1);
    const held = written()[0]?.value ?? "";

    await up("plugin", { ...args, version: 2 });
    expect(written().map(({ tags }) => tags?.["Generation"])).toEqual(["1", "2"]);
    expect(account.accepts(held)).toBe(true);
    expect(account.accepts(written()[1]?.value ?? "")).toBe(true);

    await up("dynamic again", { ...args, version: 2 });
    await engine.workspace.pulumi(["refresh", "--yes", "--expect-no-changes"]);
    expect(written()).toHaveLength(2);
    expect(regenerated()).toEqual(["Secondary", "Primary"]);
    expect(engine.secretsIn(JSON.stringify(await engine.workspace.stackExport()))).toBe(0);
  });

  test("a destroy straight after the program has changed is the plugin's, and revokes as state says", async () => {
    account = engine.newAccount("revoked");
    await up("plugin", { revokeOnDelete: true });
    const { primary, secondary } = account.keys();
    await program("dynamic again", { revokeOnDelete: true });
    await engine.workspace.destroy();
    expect(account.accepts(primary) || account.accepts(secondary)).toBe(false);
  });
});

/** The name of each of the simulator's credentials, as configuration has them. */
function credentials({ simulator }: EngineFixture): Record<string, string> {
  return {
    tenantId: simulator.tenantId,
    clientId: simulator.clientId,
    clientSecret: simulator.clientSecret,
  };
}

describe("credentials that stand in the stack's configuration", () => {
  beforeAll(async () => {
    await engine.stop();
    const none = { ARM_TENANT_ID: "", ARM_CLIENT_ID: "", ARM_CLIENT_SECRET: "" };
    engine = await start(none);
  });
  afterEach(async () => {
    await engine.workspace.destroy();
  });

  async function configure(namespace: string): Promise<void> {
    for (const [name, value] of Object.entries(credentials(engine))) {
      await engine.workspace.setConfig(`${namespace}:${name}`, value, {
        secret: name === "clientSecret",
      });
    }
  }

  test("azure-native's are not the plugin's: nothing changes without its own, and its error names them", async () => {
    account = engine.newAccount("configured");
    await configure("azure-native");
    await up("dynamic");
    await expectNoChange("plugin");
    expect(await fails("plugin", { version: 2 })).toContain(
      "what stands under azure-native: belongs under azure-batch-key-rotation:, too",
    );
    expect(regenerated()).toEqual(["Secondary"]);

    await configure("azure-batch-key-rotation");
    await up("plugin", { version: 2 });
    expect(regenerated()).toEqual(["Secondary", "Primary"]);
    expect(engine.secretsIn(JSON.stringify(await engine.workspace.stackExport()))).toBe(0);
  });

  test("the namespace of a second tenant in state is let through, and an explicit provider takes its place", async () => {
    account = engine.newAccount("othertenant");
    await configure("other");
    const args = { configNamespace: "other" };
    await up("dynamic", args);
    const provider = credentials(engine);
    expect(await fails("plugin without an alias", { ...args, provider })).toContain(
      "For other credentials give the resource an explicit provider",
    );
    await up("plugin", { provider });
    expect(regenerated()).toEqual(["Secondary"]);
    expect((await engine.resource())?.inputs).toMatchObject({ configNamespace: "azure-native" });
    await expectNoChange("plugin", { provider });
    await up("plugin", { provider, version: 2 });
    expect(regenerated()).toEqual(["Secondary", "Primary"]);

    await up("dynamic again", { ...args, version: 2 });
    await expectNoChange("dynamic again", { ...args, version: 2 });
    expect(regenerated()).toEqual(["Secondary", "Primary"]);
  });
});
