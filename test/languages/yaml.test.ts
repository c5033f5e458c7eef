import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureYamlHost } from "../../dev/languages/ensureYamlHost";
import { Progress } from "../../dev/progress";
import { builtPlugin } from "../../dev/workspace/plugin";
import type { SimulatedAccount } from "../../simulator";
import { type EngineFixture, installedPulumi } from "../support/engineFixture";
import { startWithPlugin } from "../support/pluginFixture";

/*
 * What only a program without an SDK can do: its arguments reach the plugin as they are written, and the
 * CLI runs it, so that what depends on a rotation, plans and mistakes are seen as a user sees them.
 */

jest.setTimeout(180_000);

let engine: EngineFixture;
let account: SimulatedAccount;
let made = 0;

beforeAll(async () => {
  await ensureYamlHost(await installedPulumi(), new Progress({ write: () => undefined }));
  engine = await startWithPlugin(path.join(__dirname, "yaml"));
});
afterAll(() => engine.stop());

beforeEach(() => {
  account = engine.newAccount(`yaml${String(++made)}`);
});

/** Tests that bring the stack up. */
function describeStack(name: string, tests: () => void): void {
  describe(name, () => {
    beforeEach(() => configure({ accountId: account.id }));
    afterEach(() => engine.workspace.destroy());
    tests();
  });
}

async function configure(values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await engine.workspace.setConfig(name, value);
}

async function pulumi(...args: string[]): Promise<string> {
  const { stdout, stderr } = await engine.keep(engine.workspace.pulumi(args));
  return stdout + stderr;
}

const up = (...flags: string[]) => pulumi("up", "--yes", "--skip-preview", ...flags);

/** What a preview, or an update, that is meant to fail says. */
async function refused(...args: string[]): Promise<string> {
  const command = engine.workspace.pulumi(args, { expectFailure: true });
  const { stdout, stderr } = await engine.keep(command);
  return stdout + stderr;
}

const rotated = () => account.regenerations.map(({ keyName }) => keyName);

const file = () => path.join(engine.workspace.projectFolder, "Pulumi.yaml");

/** Runs something with another program in the project. */
async function withProgram<Result>(program: string, work: () => Promise<Result>): Promise<Result> {
  const before = await fs.readFile(file(), "utf8");
  await fs.writeFile(file(), `name: rotation-in-yaml\nruntime: yaml\n${program}`);
  try {
    return await work();
  } finally {
    await fs.writeFile(file(), before);
  }
}

/** A program with one rotation, of arguments and options in YAML. */
function rotation(given: string, options = ""): string {
  return [
    "resources:",
    "  keys:",
    "    type: azure-batch-key-rotation:BatchAccountKeyRotation",
    `    properties: { accountId: ${account.id}, ${given} }`,
    ...(options === "" ? [] : [`    options: ${options}`]),
    "",
  ].join("\n");
}

describeStack("what depends on outputs", () => {
  /** The names of those that a preview, or an update, changes. */
  const changed = (printed: string) =>
    [...printed.matchAll(/^ ~ +pulumi:index:Stash (\w+) (?:update|updated) /gm)]
      .map(([, name]) => name)
      .sort();

  afterEach(() => configure({ keyVersion: "1", rotateAfter: "P90D" }));

  test("does not change with the rotation's settings", async () => {
    await up();
    await configure({ rotateAfter: "P30D" });
    const printed = await pulumi("preview");
    expect(printed).toMatch(/^ +~ 1 to update$/m);
    expect(changed(printed)).toEqual([]);
  });

  test("changes with the keys that a rotation changes, as the preview says", async () => {
    await up();
    await configure({ keyVersion: "2" });
    const previewed = changed(await pulumi("preview"));
    expect(previewed).toEqual(["currentKey", "currentKeyName", "previousKey", "primaryKey"]);
    expect(changed(await up())).toEqual(previewed);
    expect(rotated()).toEqual(["Secondary", "Primary"]);
  });
});

describeStack("a plan of a rotation", () => {
  afterEach(() => configure({ keyVersion: "1", previewing: "false" }));

  test("is carried out where configuration has told that it is a preview", async () => {
    await up();
    await configure({ keyVersion: "2" });
    await pulumi("preview", "--config", "previewing=true", "--save-plan", "plan.json");
    await up("--config", "previewing=false", "--plan", "plan.json");
    expect(rotated()).toEqual(["Secondary", "Primary"]);
  });

  test("is refused where it has not, and no key changes", async () => {
    await up();
    await configure({ keyVersion: "2" });
    await pulumi("preview", "--save-plan", "plan.json");
    const printed = await refused("up", "--yes", "--skip-preview", "--plan", "plan.json");
    expect(printed).toMatch(/violates plan.*rotationDecidedAt/);
    expect(rotated()).toEqual(["Secondary"]);
  });
});

describeStack("a rotation", () => {
  test("that is imported changes no key, whatever version and liveKey the program has", async () => {
    const imported = (version: number) =>
      rotation(`liveKey: Secondary, version: ${String(version)}`, `{ import: ${account.id} }`);
    await withProgram(imported(5), async () => {
      await up();
      expect(rotated()).toEqual([]);
      expect(await engine.resource()).toMatchObject({
        outputs: { currentKeyName: "Secondary", generation: 0, rotationReason: "Adopted" },
      });
      expect(await pulumi("preview")).toMatch(/^ +2 unchanged$/m);
    });
    await withProgram(imported(6), () => up());
    expect(rotated()).toEqual(["Primary"]);
  });

  test("has the same version in quotes", async () => {
    await withProgram(rotation("version: 2"), () => up());
    const printed = await withProgram(rotation('version: "2"'), () => up());
    expect(printed).toMatch(/^ +2 unchanged$/m);
    expect(rotated()).toEqual(["Secondary"]);
  });
});

describe("arguments of a wrong type are refused in the preview:", () => {
  test.each([
    ["version: [2]", /version: Cannot assign 'List<number>'/],
    ["version: true", /property version.* true is not a version/],
    ['rotateOnCreate: "true"', /rotateOnCreate: Cannot assign type 'string' to type 'boolean'/],
    ["rotateAfter: 90", /property rotateAfter.* "90" is not an ISO 8601 duration: write "P90D"/],
    ["rotate: 1", /property rotate.* 1 is not one of "Alternate"/],
    ["liveKey: Tertiary", /liveKey: [^]*Allowed values are "Primary", "Secondary"/],
    ["rotateafter: P90D", /Property rotateafter does not exist/],
    ["accountName: 123", /property accountId.* names another account than accountName/],
  ])("%s", async (given, message) => {
    expect(await withProgram(rotation(given), () => refused("preview"))).toMatch(message);
  });
});

describe("the provider's configuration is checked in the preview:", () => {
  const NAMESPACE = "azure-batch-key-rotation";

  async function refusedWith(key: string, value: string): Promise<string> {
    await engine.workspace.setConfig(key, value);
    try {
      return await withProgram(rotation(""), () => refused("preview"));
    } finally {
      await engine.workspace.pulumi(["config", "rm", key]);
    }
  }

  test.each([
    ["tenentId", /property tenentId.*has no such setting: it has subscriptionId, tenantId/],
    ["TenantId", /property TenantId.*has no such setting: did you mean tenantId\?/],
    ["useOidc", /property useOidc.*: it is not true or false/],
    ["auxiliaryTenantIds", /property auxiliaryTenantIds.*: it is not a list of texts/],
  ])("%s", async (setting, message) => {
    expect(await refusedWith(`${NAMESPACE}:${setting}`, "any")).toMatch(message);
  });

  test("a client secret of a wrong type, which is not shown", async () => {
    const program = `${rotation("", "{ provider: '${other}' }")}  other:
    type: pulumi:providers:${NAMESPACE}
    properties: { clientSecret: 271828182845 }
`;
    const printed = await withProgram(program, () => refused("preview"));
    expect(printed).toContain("clientSecret: it is not a text");
    expect(printed).not.toContain("271828182845");
  });
});

describeStack("what is configured for azure-native", () => {
  test("is missed, and the error says where it belongs", async () => {
    await configure({
      "azure-native:tenantId": engine.simulator.tenantId,
      "azure-native:clientId": engine.simulator.clientId,
    });
    const { stdout } = await engine.workspace.pulumi(["up", "--yes", "--skip-preview"], {
      expectFailure: true,
      env: { ARM_TENANT_ID: undefined, ARM_CLIENT_ID: undefined, ARM_CLIENT_SECRET: undefined },
    });
    expect(stdout).toContain(
      "what stands under azure-native: belongs under azure-batch-key-rotation:",
    );
    expect(rotated()).toEqual([]);
  });
});

describe("a plugin of another version", () => {
  const program = () => rotation("", "{ version: 99.0.0 }");

  test("is missed by the version that a program asks for", async () => {
    const printed = await withProgram(program(), () => refused("preview"));
    expect(printed).toMatch(
      /no resource plugin 'pulumi-resource-azure-batch-key-rotation'.*v99\.0\.0/,
    );
  });

  test("that is installed as that version tells its own", async () => {
    const plugin = ["resource", "azure-batch-key-rotation", "99.0.0"];
    await pulumi("plugin", "install", ...plugin, "--file", builtPlugin().tarball);
    try {
      const printed = await withProgram(program(), () => pulumi("preview"));
      expect(printed).toMatch(/expected to have version >=99\.0\.0, but has \d+\.\d+\.\d+/);
    } finally {
      await pulumi("plugin", "rm", ...plugin, "--yes");
    }
  });
});

test("no key was shown", () => {
  expect(engine.printed).not.toBe("");
  expect(engine.secretsIn(engine.printed)).toBe(0);
});
