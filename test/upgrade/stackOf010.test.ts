import * as fs from "node:fs/promises";
import * as path from "node:path";
import { addPlugin } from "../../dev/workspace/plugin";
import type { StackExport } from "../../dev/workspace/workspace";
import { fingerprint } from "../../provider/rotation/outputs";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";

/* What version 0.1.0 left behind, in the hands of this one, under Pulumi's own engine. */

jest.setTimeout(120_000);

const FIXTURES = path.join(__dirname, "../fixtures");
const DYNAMIC_TYPE = "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation";
const PLUGIN_TYPE = "azure-batch-key-rotation:index:BatchAccountKeyRotation";
const MADE_WITH = { byversion: 2, scheduled: 1, adopted: 1, fleet: 1 };

let engine: EngineFixture;
let accounts: Record<"byversion" | "scheduled" | "adopted" | "alpha" | "beta", SimulatedAccount>;

beforeEach(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "project") });
  const account = (name: string, options: object) =>
    engine.simulator.account(engine.simulator.createAccount({ name, ...options }));
  const [apps, fleet] = [
    { resourceGroupName: "apps" },
    { resourceGroupName: "fleet", tags: { fleet: "yes" } },
  ];
  accounts = {
    byversion: account("byversion", apps),
    scheduled: account("scheduled", apps),
    adopted: account("adopted", apps),
    alpha: account("alpha", fleet),
    beta: account("beta", fleet),
  };
  await engine.arguments(MADE_WITH);
  await engine.workspace.pulumi(["stack", "import"], { input: await stackOf010() });
});
afterEach(() => engine.stop());

/** The fixture with this simulator's values in its placeholders. */
async function stackOf010(): Promise<string> {
  const [stack, earlierShim] = await Promise.all(
    ["stack-0.1.0.json", "earlierShim.txt"].map((file) =>
      fs.readFile(path.join(FIXTURES, file), "utf8"),
    ),
  );
  const values: Record<string, string | undefined> = {
    earlierShim,
    subscriptionId: engine.simulator.subscriptionId,
    accountEndpoint: new URL(engine.simulator.url).host,
  };
  for (const [name, account] of Object.entries(accounts)) {
    for (const [keyName, key] of Object.entries(account.keys())) {
      values[`${name}.${keyName}`] = key as string;
      values[`${name}.${keyName}Fingerprint`] = fingerprint(key as string);
    }
  }
  const filled = (stack ?? "").replace(/\{([a-z.]+)\}/gi, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the fixture has an unknown placeholder {${name}}`);
    return JSON.stringify(value).slice(1, -1);
  });
  // The stack that it is imported into encrypts it.
  const { deployment } = JSON.parse(filled) as StackExport;
  const { secrets_providers } = (await engine.workspace.stackExport()).deployment;
  return JSON.stringify({ version: 3, deployment: { ...deployment, secrets_providers } });
}

/** The current key of each rotation as the state has it, by the name of its account. */
async function currentKeys(): Promise<Record<string, string>> {
  const { deployment } = await engine.workspace.stackExport({ showSecrets: true });
  const rotations = (deployment.resources ?? []).filter(({ type }) =>
    type.endsWith(":BatchAccountKeyRotation"),
  );
  return Object.fromEntries(
    rotations.map(({ outputs = {} }) => {
      const { plaintext } = outputs["currentKey"] as { plaintext: string };
      return [outputs["accountName"], JSON.parse(plaintext)] as [string, string];
    }),
  );
}

function regenerated(): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(accounts).map(([name, { regenerations }]) => [
      name,
      regenerations.map(({ keyName }) => keyName),
    ]),
  );
}

const NOTHING = { byversion: [], scheduled: [], adopted: [], alpha: [], beta: [] };

function works(keys: Record<string, string>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(accounts).map(([name, account]) => [name, account.accepts(keys[name] ?? "")]),
  );
}

const ALL = { byversion: true, scheduled: true, adopted: true, alpha: true, beta: true };

test("a preview and an update show no change, and a bump then rotates the key that nobody holds", async () => {
  const held = await currentKeys();
  expect(works(held)).toEqual(ALL);
  const requests = await engine.requestsOf(async () => {
    await engine.workspace.pulumi(["preview", "--diff", "--expect-no-changes"]);
    expect((await engine.up(MADE_WITH)).stdout).toMatch(/Resources:\n\s+7 unchanged\n/);
  });
  expect(new Set(requests)).toEqual(new Set(["list"]));
  expect(await currentKeys()).toEqual(held);

  await engine.up({ byversion: 3, scheduled: 2, adopted: 2, fleet: 2 });
  expect(regenerated()).toEqual({
    byversion: ["Secondary"],
    scheduled: ["Primary"],
    adopted: ["Primary"],
    alpha: ["Primary"],
    beta: ["Primary"],
  });
  expect(works(held)).toEqual(ALL);
  const now = await currentKeys();
  expect(works(now)).toEqual(ALL);
  for (const [name, key] of Object.entries(held)) expect(now[name]).not.toBe(key);
});

test("a refresh, which runs the text in state, finds everything as it was, and so does the update after it", async () => {
  const held = await currentKeys();
  await engine.workspace.pulumi(["refresh", "--yes", "--expect-no-changes"]);
  expect((await engine.up(MADE_WITH)).stdout).toMatch(/Resources:\n\s+7 unchanged\n/);
  expect(await currentKeys()).toEqual(held);
  expect(regenerated()).toEqual(NOTHING);
});

test("an account that moves after the update, created with rotateOnCreate as it was, loses no key", async () => {
  const held = await currentKeys();
  await engine.up(MADE_WITH);
  engine.simulator.moveAccount(accounts.alpha.id, { resourceGroupName: "elsewhere" });
  await engine.up(MADE_WITH);
  expect(regenerated()).toEqual(NOTHING);
  expect(works(held)).toEqual(ALL);
  expect(await currentKeys()).toEqual(held);
});

test("moved to the plugin, nothing changes, and a bump then rotates the key that nobody holds", async () => {
  await addPlugin(engine.workspace);
  const held = await currentKeys();
  const env = { ROTATION_PACKAGE: "pulumi-azure-batch-key-rotation-sdk" };
  const up = (versions: object) =>
    engine.arguments(versions).then(() => engine.workspace.up({ skipPreview: true, env }));
  await engine.workspace.pulumi(["preview", "--expect-no-changes"], { env });
  expect((await up(MADE_WITH)).stdout).toMatch(/Resources:\n\s+7 unchanged\n/);
  await engine.workspace.pulumi(["refresh", "--yes", "--expect-no-changes"]);
  expect(await currentKeys()).toEqual(held);
  expect(regenerated()).toEqual(NOTHING);

  await up({ byversion: 3, scheduled: 2, adopted: 2, fleet: 2 });
  expect(regenerated()).toEqual({
    byversion: ["Secondary"],
    scheduled: ["Primary"],
    adopted: ["Primary"],
    alpha: ["Primary"],
    beta: ["Primary"],
  });
  expect(works(held)).toEqual(ALL);
  expect(works(await currentKeys())).toEqual(ALL);
  const { deployment } = await engine.workspace.stackExport();
  const types = (deployment.resources ?? []).map(({ type }) => type);
  expect(types.filter((type) => type === PLUGIN_TYPE)).toHaveLength(3);
  expect(types.filter((type) => type === DYNAMIC_TYPE)).toHaveLength(2);
});

test("the fixture holds no key, and destroy leaves every key as it is", async () => {
  const fixture = await fs.readFile(path.join(FIXTURES, "stack-0.1.0.json"), "utf8");
  expect(fixture).not.toMatch(/[A-Za-z0-9+/]{86}==/);
  await engine.workspace.destroy();
  expect(regenerated()).toEqual(NOTHING);
});
