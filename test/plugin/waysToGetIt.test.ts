import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ensureYamlHost } from "../../dev/languages/ensureYamlHost";
import { EXECUTABLE } from "../../dev/plugin/forms";
import { Progress } from "../../dev/progress";
import { addNodeSdk, addPlugin, builtPlugin } from "../../dev/workspace/plugin";
import { version } from "../../package.json";
import { pluginSchema } from "../../provider/hosts/plugin/schema";
import { read } from "../package/documents";
import { EngineFixture, installedPulumi } from "../support/engineFixture";
import { GUIDE, shown } from "./guide";

/* Each way to get the plugin that docs/guides/plugin.md tells, with Pulumi's own CLI. */

jest.setTimeout(180_000);

const plugin = builtPlugin();
const PACKAGE = "azure-batch-key-rotation";

describe("a program runs with the plugin", () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await EngineFixture.start({ project: path.join(__dirname, "program") });
  });
  afterEach(() => engine.stop());

  /** The version that the state has of the plugin. */
  async function versionInState(): Promise<unknown> {
    const { deployment } = await engine.workspace.stackExport();
    const provider = deployment.resources?.find(
      ({ type }) => type === `pulumi:providers:${PACKAGE}`,
    );
    return provider?.outputs?.["version"];
  }

  async function expectRotation(): Promise<void> {
    const account = engine.newAccount("rotated");
    const { stdout } = await engine.up({ accountId: account.id });
    expect(stdout).not.toContain("warning");
    const { currentKey } = await engine.workspace.outputs({ showSecrets: true });
    expect(currentKey).toBe(account.keys().secondary);
    expect(account.regenerations).toHaveLength(1);
    await engine.workspace.destroy();
  }

  test("that was installed from a tarball", async () => {
    await addNodeSdk(engine.workspace);
    const { tarball } = plugin;
    await engine.workspace.pulumi(shown("pulumi plugin install", { version, tarball }));
    const { stdout } = await engine.workspace.pulumi(shown("pulumi package get-schema"));
    expect(JSON.parse(stdout)).toMatchObject({ name: PACKAGE, version });
    await expectRotation();
  });

  test("that Pulumi.yaml names by its place on disk", async () => {
    await addPlugin(engine.workspace);
    await expectRotation();
  });

  test("that was started by hand, in a process that outlives no engine", async () => {
    await addNodeSdk(engine.workspace);
    const { environment, projectFolder } = engine.workspace;
    const process_ = spawn(path.join(plugin.folder, EXECUTABLE), [], {
      cwd: projectFolder,
      env: environment,
    });
    const ended = once(process_, "exit");
    const [port] = (await once(createInterface(process_.stdout), "line")) as [string];
    const account = engine.newAccount("attached");
    await engine.arguments({ accountId: account.id });
    const env = { PULUMI_DEBUG_PROVIDERS: `${PACKAGE}:${port}` };
    await engine.workspace.up({ skipPreview: true, env });
    expect(account.regenerations).toHaveLength(1);
    await ended;
  });

  test("that was not installed: it says which", async () => {
    await addNodeSdk(engine.workspace);
    const { stdout } = await engine.up({}, { expectFailure: true });
    expect(stdout).toContain(`no resource plugin '${EXECUTABLE}' found`);
  });

  test("that was added by its source, in YAML, and a dynamic rotation of the same name becomes the plugin's", async () => {
    await ensureYamlHost(await installedPulumi(), new Progress({ write: () => undefined }));
    const account = engine.newAccount("fromnodejs");
    const { projectFolder } = engine.workspace;
    const edit = async (file: string, change: (text: string) => string) => {
      const name = path.join(projectFolder, file);
      await fs.writeFile(name, change(await fs.readFile(name, "utf8")));
    };
    await edit("index.js", (text) => text.replace(/(pulumi-azure-batch-key-rotation)-sdk/, "$1"));
    await engine.up({ accountId: account.id });

    await edit("Pulumi.yaml", () => programInYaml().replace("name: keys", "name: program"));
    await engine.workspace.pulumi(["config", "rm", "args"]);
    await engine.workspace.setConfig("accountId", account.id);
    await engine.workspace.pulumi(shown("pulumi package add", { source: plugin.source }));
    const { stdout } = await engine.workspace.up({ skipPreview: true });
    expect(stdout).toMatch(/Resources:\n\s+2 unchanged\n/);
    const resource = await engine.resource();
    expect(resource?.type).toBe(`${PACKAGE}:index:BatchAccountKeyRotation`);
    expect(await versionInState()).toBe(version);
    expect(account.regenerations).toHaveLength(1);
  });

  /** The guide's. */
  function programInYaml(): string {
    const [, program = ""] = /^```yaml\n(name: keys\n[^]*?)^```$/m.exec(read(GUIDE)) ?? [];
    return program;
  }

  test.each(["folder", "source"] as const)("its schema can be had from its %s", async (form) => {
    const place = form === "folder" ? path.join(plugin.folder, EXECUTABLE) : plugin.source;
    const { stdout } = await engine.workspace.pulumi(["package", "get-schema", place]);
    const schema = JSON.parse(stdout) as { version: string; resources: object };
    expect(schema.version).toBe(version);
    expect(Object.keys(schema.resources)).toEqual(Object.keys(pluginSchema(version).resources));
  });
});

describe("what is in the tarball", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(tmpdir(), "plugin-test-"));
    await promisify(execFile)("tar", ["-xzf", plugin.tarball, "-C", folder]);
  });
  afterAll(() => fs.rm(folder, { recursive: true }));

  /** The executable where there is no other file of this repository, nor a package of Node.js. */
  async function start(...args: string[]): Promise<{ port: string; process: ChildProcess }> {
    const process_ = spawn(path.join(folder, EXECUTABLE), args, {
      cwd: folder,
      env: { PATH: [path.dirname(process.execPath), "/usr/bin", "/bin"].join(":") },
    });
    const [port] = (await once(createInterface(process_.stdout), "line")) as [string];
    return { port, process: process_ };
  }

  async function interrupt(process_: ChildProcess): Promise<unknown[]> {
    const ended = once(process_, "exit");
    process_.kill("SIGINT");
    return ended;
  }

  test("is all that it needs beside Node.js, and takes less than a megabyte", async () => {
    const { port, process: process_ } = await start("127.0.0.1:1");
    const stderr: string[] = [];
    process_.stderr?.on("data", (text: Buffer) => stderr.push(text.toString()));
    const client = new ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
    const told = await new Promise((resolve, reject) => {
      client.getPluginInfo(new Empty(), (error, info) => {
        if (error) reject(error);
        else resolve(info.getVersion());
      });
    });
    client.close();
    expect(told).toBe(version);
    expect(await interrupt(process_)).toEqual([0, null]);
    expect(stderr).toEqual([]);
    expect((await fs.stat(plugin.tarball)).size).toBeLessThan(1_000_000);
  });

  test("started by hand, it says what it is and how it ends", async () => {
    const { port, process: process_ } = await start();
    const [text] = (await once(process_.stderr ?? process_, "data")) as [Buffer];
    expect(text.toString()).toContain(
      `This is version ${version} of the Pulumi provider ${PACKAGE}: Pulumi starts it itself.`,
    );
    expect(text.toString()).toContain(`PULUMI_DEBUG_PROVIDERS=${PACKAGE}:${port}`);
    expect(await interrupt(process_)).toEqual([0, null]);
  });

  test("can be run on Windows too, as far as its text tells", async () => {
    const command = await fs.readFile(path.join(folder, `${EXECUTABLE}.cmd`), "utf8");
    expect(command).toBe('@node "%~dp0index.js" %*\r\n');
  });
});

describe("the licenses of what is bundled", () => {
  test.each(["folder", "source"] as const)("are all in the %s", async (form) => {
    const [bundle, own, others] = await Promise.all(
      ["index.js", "LICENSE", "THIRD-PARTY-LICENSES.txt"].map((file) =>
        fs.readFile(path.join(plugin[form], file), "utf8"),
      ),
    );
    expect(own).toContain("Apache License");
    // esbuild names the file that each part comes from.
    const bundled = new Set(
      [...(bundle ?? "").matchAll(/^\s*\/\/ .*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)].map(
        ([, name = ""]) => name,
      ),
    );
    expect(bundled.size).toBeGreaterThan(50);
    const titles = [...(others ?? "").matchAll(/^(\S+) \d\S* \(.+\)$/gm)].map(([, name]) => name);
    expect([...bundled].filter((name) => !titles.includes(name))).toEqual([]);
    expect(others).toMatch(/Copyright .* Microsoft/);
  });

  test("no place on the machine that built it stands in it", async () => {
    const bundle = await fs.readFile(path.join(plugin.folder, "index.js"), "utf8");
    expect(bundle).not.toContain(path.resolve(__dirname, "../.."));
  });
});
