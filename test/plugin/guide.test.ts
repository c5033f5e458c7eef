import * as path from "node:path";
import { addPlugin } from "../../dev/workspace/plugin";
import type { SimulatedAccount } from "../../simulator";
import { commandsIn, read } from "../package/documents";
import { EngineFixture } from "../support/engineFixture";
import { GUIDE, shown } from "./guide";

/* What docs/guides/plugin.md says that one does with the plugin, once it is there. */

jest.setTimeout(180_000);

let engine: EngineFixture;
let account: SimulatedAccount;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "program") });
  await addPlugin(engine.workspace);
});
afterAll(() => engine.stop());
afterEach(async () => {
  await engine.workspace.destroy();
});

const args = (more: object = {}) => ({ accountId: account.id, ...more });

function regenerated(): string[] {
  return account.regenerations.map(({ keyName }) => keyName);
}

test("an import regenerates nothing, nor does the update after it, which takes what the program names", async () => {
  account = engine.newAccount("imported");
  const { secondary: held } = account.keys();
  const command = shown("pulumi import", { id: account.id });
  const flags = ["--yes", "--protect=false", "--generate-code=false"];
  await engine.workspace.pulumi([...command, ...flags]);
  expect((await engine.resource())?.outputs).toMatchObject({
    generation: 0,
    rotationReason: "Imported",
  });
  await engine.up(args({ version: 3, liveKey: "Secondary" }));
  expect(regenerated()).toEqual([]);
  expect(await engine.workspace.outputs({ showSecrets: true })).toEqual({
    currentKey: held,
    generation: 0,
    rotationReason: "Adopted",
  });
  await engine.up(args({ version: 4, liveKey: "Secondary" }));
  expect(regenerated()).toEqual(["Primary"]);
});

test("the resource option import does the same in one update, and adopts at once", async () => {
  account = engine.newAccount("importedbyoption");
  await engine.up(args({ import: account.id, version: 3, liveKey: "Secondary" }));
  await engine.up(args({ version: 3, liveKey: "Secondary" }));
  expect(regenerated()).toEqual([]);
  expect(await engine.workspace.outputs()).toMatchObject({
    generation: 0,
    rotationReason: "Adopted",
  });
  await engine.up(args({ version: 4, liveKey: "Secondary" }));
  expect(regenerated()).toEqual(["Primary"]);
});

test("a plan that rotates is carried out where the program tells previews, and refused otherwise", async () => {
  account = engine.newAccount("planned");
  await engine.up(args());
  await engine.arguments(args({ version: 2 }));
  await engine.workspace.pulumi(shown("pulumi preview"));
  const up = [...shown("pulumi up"), "--yes"];
  const { stdout } = await engine.workspace.pulumi(up, { expectFailure: true });
  expect(stdout).toContain("violates plan");
  expect(regenerated()).toEqual(["Secondary"]);

  await engine.arguments(args({ version: 2, tellsPreviews: true }));
  await engine.workspace.pulumi(shown("pulumi preview"));
  await engine.workspace.pulumi(up);
  expect(regenerated()).toEqual(["Secondary", "Primary"]);
});

test("a preview of another setting's change shows no output that changes", async () => {
  account = engine.newAccount("previewed");
  await engine.up(args());
  await engine.arguments(args({ rotateAfter: "P90D" }));
  const { stdout } = await engine.workspace.preview({ diff: true });
  expect(stdout).toContain('+ rotateAfter: "P90D"');
  expect(stdout).not.toContain("--outputs:--");
});

test("a rotation that gets another name goes on, without an alias as well", async () => {
  account = engine.newAccount("renamed");
  await engine.up(args());
  const before = await engine.workspace.outputs({ showSecrets: true });
  await engine.up(args({ name: "renamed" }));
  expect(regenerated()).toEqual(["Secondary"]);
  expect(await engine.workspace.outputs({ showSecrets: true })).toEqual({
    ...before,
    rotationReason: "Moved",
  });
});

test("every command that the guides show is run by a test", () => {
  const settings = ["tenantId <tenant id>", "clientId <client id>", "clientSecret --secret"].map(
    (setting) => `pulumi config set azure-batch-key-rotation:${setting}`,
  );
  expect(commandsIn(read(GUIDE))).toEqual([
    // "npm test" begins with it.
    "npm ci && npm run plugin",
    "pulumi plugin install resource azure-batch-key-rotation <version> --file <tarball>",
    "pulumi package add <source>",
    // As dev/sdk/compile.ts does it.
    "npx tsc -p sdk/nodejs --outDir <sdk>",
    "cp sdk/nodejs/package.json <sdk>",
    "pulumi package get-schema azure-batch-key-rotation",
    // In migration.test.ts.
    ...settings,
    "pulumi import azure-batch-key-rotation:index:BatchAccountKeyRotation keys <id>",
    "pulumi preview --save-plan plan.json",
    "pulumi up --plan plan.json",
  ]);
  expect(commandsIn(read("docs/guides/migrate-to-plugin.md"))).toEqual([
    ...settings,
    "pulumi config set azure-batch-key-rotation:subscriptionId <subscription id>",
    "pulumi preview --diff",
    "pulumi up",
  ]);
});
