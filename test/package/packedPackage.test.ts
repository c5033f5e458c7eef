import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { PACKAGE_NAME, packPackage } from "../../dev/workspace/packedPackage";
import { EngineFixture } from "../support/engineFixture";

jest.setTimeout(180_000);

const run = promisify(execFile);

describe("the shim that stands in users' state", () => {
  test("is a line and known to the letter, and a package upgrade changes neither it nor a resource", async () => {
    const engine = await EngineFixture.start();
    try {
      const account = engine.newAccount("upgraded");
      await engine.up({ accountId: account.id });
      // Golden: state files hold this text. A change here makes every user's next refresh and
      // destroy run a text that no released version has been tested with.
      const golden = await fixture("shim.txt");
      expect(golden.length).toBeLessThan(128);
      expect(await textInState(engine)).toBe(golden);
      await engine.workspace.installPackage(PACKAGE_NAME, await laterVersion());
      const requests = await engine.requestsOf(async () => {
        expect((await engine.up({ accountId: account.id })).stdout).toContain("2 unchanged");
      });
      expect(requests).toEqual([]);
      expect(await textInState(engine)).toBe(golden);
      await engine.up({ accountId: account.id, version: 2 });
      expect(account.regenerations).toHaveLength(2);
    } finally {
      await engine.stop();
    }
  });

  test("of an earlier version is as good: it refreshes, changes nothing, rotates and revokes", async () => {
    const engine = await EngineFixture.start();
    try {
      const account = engine.newAccount("earlier");
      const args = { accountId: account.id, revokeOnDelete: true };
      await engine.up(args);
      await putEarlierTextInState(engine);
      await engine.workspace.refresh();
      expect((await engine.up(args)).stdout).toContain("2 unchanged");
      expect(account.regenerations).toHaveLength(1);
      await engine.up({ ...args, version: 2 });
      expect(await textInState(engine)).toBe(await fixture("shim.txt"));
      await putEarlierTextInState(engine);
      await engine.workspace.destroy();
      const regenerated = account.regenerations.map(({ keyName }) => keyName);
      expect(regenerated).toEqual(["Secondary", "Primary", "Secondary", "Primary"]);
    } finally {
      await engine.stop();
    }
  });
});

function fixture(name: string): Promise<string> {
  return fs.readFile(path.join(__dirname, "../fixtures", name), "utf8");
}

async function textInState(engine: EngineFixture): Promise<unknown> {
  return (await engine.resource())?.outputs?.["__provider"];
}

/** What Pulumi's serializer made of the provider before the text was this package's own. */
async function putEarlierTextInState(engine: EngineFixture): Promise<void> {
  const state = JSON.stringify(await engine.workspace.stackExport());
  const [text, earlier] = [await fixture("shim.txt"), await fixture("earlierShim.txt")];
  const input = state.replaceAll(JSON.stringify(text), JSON.stringify(earlier));
  await engine.workspace.pulumi(["stack", "import"], { input });
  expect(await textInState(engine)).toBe(earlier);
}

/** The package as a later release might be: another version, other files behind the same names. */
async function laterVersion(): Promise<string> {
  const folder = await fs.mkdtemp(path.join(tmpdir(), "later-version-"));
  await run("tar", ["-xzf", await packPackage(), "-C", folder]);
  const manifest = path.join(folder, "package", "package.json");
  const text = await fs.readFile(manifest, "utf8");
  const moved = text
    .replace(/"version": "[^"]+"/, '"version": "9.9.9"')
    .replaceAll("./dist/provider/hosts/dynamic/index", "./moved/provider/hosts/dynamic/index");
  await fs.writeFile(manifest, moved);
  await fs.cp(path.join(folder, "package/dist"), path.join(folder, "package/moved"), {
    recursive: true,
  });
  const tarball = path.join(folder, "later.tgz");
  await run("tar", ["-czf", tarball, "-C", folder, "package"]);
  return tarball;
}

describe("requiring the package", () => {
  async function loadedBy(subpath: string): Promise<string[]> {
    const script = `require(${JSON.stringify(subpath)}); console.log(Object.keys(require.cache).join("\\n"))`;
    const { stdout } = await run(process.execPath, ["-e", script], {
      cwd: path.join(__dirname, "../.."),
    });
    return stdout.split("\n");
  }

  test("loads neither an HTTP stack nor a sign-in library nor azure-native nor the command", async () => {
    const loaded = await loadedBy(PACKAGE_NAME);
    expect(loaded.some((file) => file.includes("@pulumi/pulumi"))).toBe(true);
    expect(
      loaded.filter((file) => /@azure|azure-native|simulator|commander|dist\/cli\//.test(file)),
    ).toEqual([]);
  });

  test("the command loads neither Pulumi nor what talks to Azure", async () => {
    const loaded = await loadedBy("./dist/cli/status/status.js");
    expect(loaded.some((file) => file.includes("luxon"))).toBe(true);
    expect(loaded.filter((file) => /@pulumi|@azure|lifecycle/.test(file))).toEqual([]);
  });

  test("the lifecycle loads no Pulumi", async () => {
    const loaded = await loadedBy(`${PACKAGE_NAME}/lifecycle`);
    expect(loaded.filter((file) => /@pulumi|@azure/.test(file))).toEqual([]);
  });
});
