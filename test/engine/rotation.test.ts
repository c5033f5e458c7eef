import * as fs from "node:fs/promises";
import * as path from "node:path";
import { fingerprint } from "../../provider/rotation/outputs";
import type { SimulatedAccount } from "../../simulator";
import { EngineFixture } from "../support/engineFixture";
import { can, host } from "../support/hosts";

/* Pulumi's own engine, through its CLI, on a stack of one rotation. */

jest.setTimeout(120_000);

let engine: EngineFixture;
let account: SimulatedAccount;

beforeAll(async () => {
  engine = await EngineFixture.start({ host });
});
afterAll(() => engine.stop());

describe("one stack's life, step by step", () => {
  beforeAll(() => {
    account = engine.newAccount("rotated");
  });

  const args = (more: object = {}) => ({ accountId: account.id, ...more });
  const outputs = () => engine.workspace.outputs({ showSecrets: true });

  test("a preview shows which key will rotate and why, and sends nothing", async () => {
    await engine.arguments(args());
    let text = "";
    const requests = await engine.requestsOf(async () => {
      text = (await engine.keep(engine.workspace.preview({ diff: true }))).stdout;
    });
    expect(requests).toEqual([]);
    expect(text).toMatch(/keyToRotate\s*: "Secondary"/);
    expect(text).toMatch(/rotationReason\s*: "Created"/);
  });

  test("create rotates the key that nobody holds and hands it out", async () => {
    const requests = await engine.requestsOf(() => engine.up(args()));
    expect(requests).toEqual(["get", "regenerateKeys", "dataPlane"]);
    expect(await outputs()).toEqual({
      currentKey: account.keys().secondary,
      currentKeyName: "Secondary",
      keyVerification: "Verified",
    });
  });

  test("state tells the line of the user's program that made the rotation", async () => {
    const program = path.join(engine.workspace.projectFolder, "index.js");
    const lines = (await fs.readFile(program, "utf8")).split("\n");
    const line = 1 + lines.findIndex((each) => each.includes('BatchAccountKeyRotation("keys"'));
    const sourcePosition = expect.stringMatching(
      new RegExp(`^project:///index\\.js#${String(line)},\\d+$`),
    ) as string;
    const resource = await engine.resource();
    expect(resource).toMatchObject({ sourcePosition, stackTrace: [{ sourcePosition }] });
  });

  test("an up without changes sends no request at all", async () => {
    const before = engine.simulator.requests.length;
    const { stdout } = await engine.up(args());
    expect(stdout).toContain("2 unchanged");
    expect(engine.simulator.requests).toHaveLength(before);
  });

  test("an edit of another setting updates without rotating", async () => {
    const before = account.keys();
    const { stdout } = await engine.up(args({ revokeOnDelete: false, rotateAfter: "P90D" }));
    expect(stdout).toContain("1 updated");
    expect(account.keys()).toEqual(before);
  });

  test("the preview of a bump shows key, reason and generation", async () => {
    await engine.arguments(args({ version: 2, rotateAfter: "P90D" }));
    const { stdout } = await engine.keep(engine.workspace.preview({ diff: true }));
    expect(stdout).toMatch(/~ keyToRotate\s*: "Secondary" => "Primary"/);
    expect(stdout).toMatch(/~ rotationReason\s*: "Created" => "VersionChanged"/);
    expect(stdout).toMatch(/~ generation\s*: 1\s* => 2/);
  });

  test("a bump rotates the other key with one GET and one regenerateKeys", async () => {
    const held = account.keys().secondary;
    const requests = await engine.requestsOf(() => engine.up(args({ version: 2 })));
    expect(requests).toEqual(["get", "regenerateKeys", "dataPlane"]);
    expect(await outputs()).toMatchObject({
      currentKey: account.keys().primary,
      currentKeyName: "Primary",
    });
    expect(account.accepts(held)).toBe(true);
  });

  test("a smaller version is refused before anything changes", async () => {
    const before = account.keys();
    const { stdout } = await engine.up(args({ version: 1 }), { expectFailure: true });
    expect(stdout).toContain("a rotated key cannot be brought back");
    expect(account.keys()).toEqual(before);
  });

  test("every mistake in the arguments is shown at once", async () => {
    const { stdout } = await engine.up(
      { ...args(), accountName: "x", rotate: "y", version: "" },
      { expectFailure: true },
    );
    for (const property of ["accountId", "rotate", "version"]) {
      expect(stdout).toContain(`property ${property} value`);
    }
  });

  test("a refresh shows a key changed outside Pulumi by fingerprint, with a warning that names it", async () => {
    account.regenerate("Secondary");
    await engine.arguments(args({ version: 2 }));
    const { stdout } = await engine.keep(engine.workspace.refresh());
    expect(stdout).toContain('warning: the Secondary key of Batch account "rotated"');
    const resource = await engine.resource();
    expect(resource?.outputs).toMatchObject({
      secondaryKeyFingerprint: fingerprint(account.keys().secondary),
    });
    expect((await engine.up(args({ version: 2 }))).stdout).toContain("2 unchanged");
  });

  test("a failed update leaves the state and the key in use as they were", async () => {
    const before = { state: await engine.resource({ showSecrets: true }), keys: account.keys() };
    account.locked = true;
    const { stdout } = await engine.up(args({ version: 3 }), { expectFailure: true });
    account.locked = false;
    expect(stdout).toContain("remove the ReadOnly lock");
    expect(account.keys()).toEqual(before.keys);
    const after = await engine.resource({ showSecrets: true });
    expect(after?.outputs).toEqual(before.state?.outputs);
  });

  test("a key that does not work yet is not handed out, and the next up finishes without another rotation", async () => {
    const held = (await outputs())["currentKey"];
    account.dataPlane = "Unreachable";
    const required = args({ version: 4, verifyKey: "Required" });
    const { stdout } = await engine.up(required, { expectFailure: true });
    expect(stdout).toContain("could not be reached");
    const resource = await engine.resource({ showSecrets: true });
    expect(resource?.inputs).toMatchObject({ version: 2 });
    expect(JSON.stringify(resource?.outputs)).toContain(account.keys().secondary);
    expect((await outputs())["currentKey"]).toBe(held);
    const rotations = account.regenerations.length;
    account.dataPlane = "Available";
    await engine.up(required);
    expect(account.regenerations).toHaveLength(rotations);
    expect(await outputs()).toMatchObject({
      currentKey: account.keys().secondary,
      keyVerification: "Verified",
    });
  });

  test("another letter case of the id changes nothing", async () => {
    const shouted = account.id.replace("resourceGroups", "RESOURCEGROUPS").toLowerCase();
    const { stdout } = await engine.up({
      ...args(),
      accountId: shouted,
      version: 4,
      verifyKey: "Required",
    });
    expect(stdout).toContain("2 unchanged");
  });

  test("keys and credentials stand in clear neither in state nor in anything printed", async () => {
    const state = JSON.stringify(await engine.workspace.stackExport());
    expect(state).toContain("ciphertext");
    expect(engine.secretsIn(state)).toBe(0);
    expect(engine.secretsIn(engine.printed)).toBe(0);
  });

  test("the engine's logs at the first two verbose levels hold no secret either", async () => {
    await engine.arguments(args({ version: 5 }));
    const logged = await engine.keep(
      engine.workspace.pulumi(["up", "--yes", "--skip-preview", "--logtostderr", "--verbose=2"]),
    );
    expect(logged.stderr).toContain("level");
    expect(engine.secretsIn(engine.printed)).toBe(0);
  });

  test("destroy changes nothing in Azure", async () => {
    const before = account.keys();
    const requests = await engine.requestsOf(() => engine.keep(engine.workspace.destroy()));
    expect(requests).toEqual([]);
    expect(account.keys()).toEqual(before);
    expect(await engine.resource()).toBeUndefined();
  });
});

describe("other lives", () => {
  afterEach(async () => {
    await engine.workspace.destroy();
  });

  test("adopting changes no key, and the first bump rotates the other one", async () => {
    account = engine.newAccount("adopted");
    const before = account.keys();
    await engine.up({ accountId: account.id, rotateOnCreate: false, liveKey: "Secondary" });
    expect(account.keys()).toEqual(before);
    await engine.up({
      accountId: account.id,
      rotateOnCreate: false,
      liveKey: "Secondary",
      version: 2,
    });
    expect(account.keys().secondary).toBe(before.secondary);
    expect(account.keys().primary).not.toBe(before.primary);
  });

  test("an account that is gone leaves the state at refresh", async () => {
    account = engine.newAccount("vanishing");
    await engine.up({ accountId: account.id });
    account.delete();
    await engine.keep(engine.workspace.refresh());
    expect(await engine.resource()).toBeUndefined();
    const { stdout } = await engine.up({ accountId: account.id }, { expectFailure: true });
    expect(stdout).toMatch(/404 ResourceNotFound.*Next: check the account's name/);
  });

  test("another account replaces the resource: the new one's key first, then the old one's revocation", async () => {
    account = engine.newAccount("replaced");
    const successor = engine.newAccount("successor");
    await engine.up({ accountId: account.id, revokeOnDelete: true });
    const revoked = account.keys();
    const requests = await engine.requestsOf(() =>
      engine.up({ accountId: successor.id, revokeOnDelete: true }),
    );
    expect(requests.indexOf("dataPlane")).toBeLessThan(requests.lastIndexOf("regenerateKeys"));
    expect(account.accepts(revoked.primary) || account.accepts(revoked.secondary)).toBe(false);
    expect(successor.regenerations).toHaveLength(1);
  });

  test("get reads the keys of an account and never rotates it", async () => {
    account = engine.newAccount("read");
    const { stdout } = await engine.up({ get: account.id });
    expect(account.regenerations).toEqual([]);
    expect(await engine.workspace.outputs({ showSecrets: true })).toMatchObject({
      currentKey: account.keys().primary,
    });
    expect(engine.secretsIn(stdout + JSON.stringify(await engine.workspace.stackExport()))).toBe(0);
  });

  test("two rotations of one account in one program are refused before either key changes twice", async () => {
    account = engine.newAccount("contested");
    const { stdout } = await engine.up(
      { accountId: account.id, second: { accountId: account.id.toUpperCase() } },
      { expectFailure: true },
    );
    expect(stdout).toMatch(/(second|keys)\S* rotates the same account/);
    expect(account.regenerations.length).toBeLessThanOrEqual(1);
  });

  test("configNamespace names the configuration that tells the subscription, of who has it", async () => {
    const another = "00000000-0000-0000-0000-000000000000";
    await engine.workspace.setConfig("another:subscriptionId", another);
    const account = { resourceGroupName: "simulator", accountName: "configured" };
    await engine.arguments({ ...account, configNamespace: "another" });
    const { stdout } = await engine.workspace.preview({ diff: true });
    const told = can("chooseConfiguration") ? another : engine.simulator.subscriptionId;
    expect(stdout).toContain(`/subscriptions/${told}/`);
  });

  test("credentials in the stack's secret configuration stay secret in state", async () => {
    account = engine.newAccount("configured");
    const { clientSecret } = engine.simulator;
    const key = `${host.configNamespace}:clientSecret`;
    await engine.workspace.setConfig(key, clientSecret, { secret: true });
    await engine.up({ resourceGroupName: "simulator", accountName: "configured" });
    const state = JSON.stringify(await engine.workspace.stackExport());
    expect(state).toContain(account.id);
    expect(engine.secretsIn(state)).toBe(0);
  });
});
