import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { Progress } from "../../dev/progress";
import { ensurePulumi } from "../../dev/pulumi-cli/ensurePulumi";
import { isCompatible } from "../../dev/pulumi-cli/find";
import { PULUMI_VERSION } from "../../dev/pulumi-cli/installation";
import { withLock } from "../../dev/pulumi-cli/lock";
import { createWorkspace } from "../../dev/workspace/createWorkspace";
import type { PulumiWorkspace } from "../../dev/workspace/workspace";
import { installedPulumi } from "../support/engineFixture";

const silent = new Progress({ write: () => undefined });

describe("the pinned version", () => {
  it("is the same in go.mod and in the Node.js SDK", async () => {
    const goMod = await fs.readFile(path.resolve(__dirname, "../../dev/pulumi-cli/go.mod"), "utf8");
    expect(goMod).toContain(`github.com/pulumi/pulumi/pkg/v3 v${PULUMI_VERSION}`);
    expect(sdkVersion).toBe(PULUMI_VERSION);
  });

  it.each([
    ["3.259.0", true],
    ["3.259.1", true],
    ["3.300.0-alpha.1", true],
    ["3.258.9", false],
    ["2.300.0", false],
    ["4.0.0", false],
  ])("accepts a CLI %s: %s", (version, accepted) => {
    expect(isCompatible(version)).toBe(accepted);
  });
});

describe("finding the CLI", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(tmpdir(), "pulumi-cli-test-"));
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  const onPath = (): string => path.join(folder, "path");
  const home = (): string => path.join(folder, "home");
  const cached = (): string => path.join(home(), "versions", PULUMI_VERSION, "bin");

  function ensure(): ReturnType<typeof ensurePulumi> {
    const environment = { PATH: onPath(), PULUMI_HOME: home() };
    return ensurePulumi({ progress: silent, environment, download: false });
  }

  async function addExecutable(directory: string, name: string, prints: string): Promise<string> {
    await fs.mkdir(directory, { recursive: true });
    const file = path.join(directory, name);
    await fs.writeFile(file, `#!/bin/sh\necho "${prints}"\n`, { mode: 0o755 });
    return file;
  }

  it("prefers the one on PATH, and adds nothing to it", async () => {
    const executable = await addExecutable(onPath(), "pulumi", "v3.300.0");
    await addExecutable(onPath(), "pulumi-language-nodejs", "");
    await addExecutable(cached(), "pulumi", `v${PULUMI_VERSION}`);

    await expect(ensure()).resolves.toEqual({ executable, version: "3.300.0", source: "path" });
    expect(await fs.readdir(onPath())).toEqual(["pulumi", "pulumi-language-nodejs"]);
  });

  it("takes the cached one when the one on PATH is too old", async () => {
    await addExecutable(onPath(), "pulumi", "v3.100.0");
    await addExecutable(onPath(), "pulumi-language-nodejs", "");
    const executable = await addExecutable(cached(), "pulumi", "");
    await addExecutable(cached(), "pulumi-language-nodejs", "");

    await expect(ensure()).resolves.toEqual({
      executable,
      version: PULUMI_VERSION,
      source: "cache",
    });
  });

  it("takes the cached one when the one on PATH cannot run Node.js programs", async () => {
    await addExecutable(onPath(), "pulumi", "v3.300.0");
    await addExecutable(cached(), "pulumi", "");

    await expect(ensure()).resolves.toMatchObject({ source: "cache" });
  });

  it("gives a built CLI the plugins it lacks, away from the shared one", async () => {
    const built = await addExecutable(cached(), "pulumi", "");
    const [{ executable }, again] = await Promise.all([ensure(), ensure()]);

    expect(again.executable).toBe(executable);
    const plugins = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
    expect(await fs.readdir(path.dirname(executable))).toEqual(["pulumi", ...plugins]);
    for (const name of plugins) {
      await fs.access(path.join(path.dirname(executable), name), fs.constants.X_OK);
    }
    expect(await fs.readdir(path.dirname(built))).toEqual(["pulumi"]);
  });

  it("says what to install when there is no CLI, no download and no Go", async () => {
    await expect(ensure()).rejects.toThrow(
      /no Pulumi CLI 3\.259\.0 or newer on PATH.*no Go on PATH.*install the Pulumi CLI 3\.259\.0: https.*install Go 1\.26/s,
    );
    expect(await fs.readdir(path.join(home(), "versions"))).toEqual([]);
  });

  it("builds once when several ask at the same time", async () => {
    let atWork = 0;
    const work = async (): Promise<void> => {
      expect((atWork += 1)).toBe(1);
      await delay(20);
      atWork -= 1;
    };
    const lock = path.join(folder, "lock");
    await Promise.all([1, 2, 3].map(() => withLock(lock, silent, work)));
  });

  it("takes over the lock of a process that was killed", async () => {
    const lock = path.join(folder, "lock");
    await fs.mkdir(lock);
    const aMinuteAgo = new Date(Date.now() - 60_000);
    await fs.utimes(lock, aMinuteAgo, aMinuteAgo);
    await expect(withLock(lock, silent, () => Promise.resolve("done"))).resolves.toBe("done");
  });
});

describe("showing progress", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function shown(isTTY: boolean): string {
    let text = "";
    const progress = new Progress({ isTTY, columns: 24, write: (more) => (text += more) });
    progress.begin("Building");
    jest.advanceTimersByTime(1_000);
    progress.detail("the first of two hundred packages");
    jest.advanceTimersByTime(1_000);
    progress.print("Built.");
    jest.advanceTimersByTime(60_000);
    return text;
  }

  it("rewrites one line on a terminal, with a clock", () => {
    expect(shown(true)).toBe(
      ["", "Building… 0:00", "Building… 0:01", "Building… 0:02, the fir", "Built.\n"].join(
        "\r\u001b[2K",
      ),
    );
  });

  it("keeps a log short", () => {
    expect(shown(false)).toBe("Building… 0:00\nBuilt.\n");
  });
});

describe("a TypeScript project run by the CLI", () => {
  jest.setTimeout(120_000);

  const program = `
    import * as pulumi from "@pulumi/pulumi";

    const provider: pulumi.dynamic.ResourceProvider = {
      create: async (inputs) => ({ id: "note-1", outs: inputs }),
      update: async (_id, _olds, news) => ({ outs: news }),
    };
    class Note extends pulumi.dynamic.Resource {
      declare readonly text: pulumi.Output<string>;
      constructor(name: string, text: pulumi.Input<string>) {
        super(provider, name, { text });
      }
    }
    const config = new pulumi.Config();
    export const text = new Note("note", config.requireSecret("text")).text;
    export const plain = config.get("plain");
    console.log("the program says hello");
  `;

  let workspace: PulumiWorkspace;
  let project: string;

  beforeAll(async () => {
    project = await fs.mkdtemp(path.join(tmpdir(), "pulumi-cli-project-"));
    await writeProject({
      "Pulumi.yaml": "name: tiny\nruntime: nodejs\n",
      "package.json": JSON.stringify({ name: "tiny", main: "index.ts" }),
      "tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, types: [] } }),
      "index.ts": program,
      "Pulumi.dev.yaml": "config:\n  tiny:plain: of another stack\n",
    });
    const pulumi = await installedPulumi();
    workspace = await createWorkspace({ pulumi, project, packageUnderTest: false });
    await workspace.setConfig("text", "a secret note", { secret: true });
    await workspace.setConfig("plain", "--not-a-flag");
  });

  afterAll(async () => {
    await workspace.dispose();
    await fs.rm(project, { recursive: true });
  });

  async function writeProject(files: Record<string, string>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await fs.writeFile(path.join(project, name), content);
    }
  }

  function setProgram(source: string): Promise<void> {
    return fs.writeFile(path.join(workspace.projectFolder, "index.ts"), source);
  }

  it("previews, updates, refreshes, exports and destroys", async () => {
    const preview = await workspace.preview({ diff: true });
    expect(preview.stdout).toContain("pulumi-nodejs:dynamic:Resource: (create)");
    expect(preview.stdout).toContain("2 to create");
    // The CLI warns about a plugin that it had to take from elsewhere.
    expect(preview.stdout + preview.stderr).not.toContain("warning");

    let heard = "";
    const up = await workspace.up({ skipPreview: true, onOutput: (text) => (heard += text) });
    expect(up.stdout).toContain("2 created");
    expect(up.stdout).toContain("the program says hello");
    expect(heard).toContain(up.stdout);
    await expect(workspace.outputs()).resolves.toEqual({
      text: "[secret]",
      plain: "--not-a-flag",
    });
    await expect(workspace.outputs({ showSecrets: true })).resolves.toMatchObject({
      text: "a secret note",
    });

    expect((await workspace.refresh()).stdout).toContain("2 unchanged");

    const { deployment } = await workspace.stackExport();
    const note = deployment.resources?.find(({ id }) => id === "note-1");
    expect(note?.type).toBe("pulumi-nodejs:dynamic:Resource");

    expect((await workspace.destroy()).stdout).toContain("2 deleted");
    await expect(workspace.processes()).resolves.toEqual([]);
  });

  it("shows the error of a program that throws, and fails", async () => {
    await setProgram(`throw new Error("out of ink");`);
    const { exitCode, stdout } = await workspace.up({ expectFailure: true });
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain("out of ink");
    // The rest of the answer to a program that has told what is wrong would only repeat it.
    expect(stdout).not.toContain("non-zero exit code");

    await expect(workspace.up()).rejects.toThrow(/"pulumi up --yes .*failed.*out of ink/s);
  });

  it("reports the exit code of a program that just exits", async () => {
    await setProgram("declare const process: { exit(code: number): void }; process.exit(3);");
    const { stdout } = await workspace.preview({ expectFailure: true });
    expect(stdout).toContain("exit code: 3");
  });

  it("names an import that cannot be resolved", async () => {
    await setProgram(`import { nothing } from "no-such-package"; nothing();`);
    const { stdout } = await workspace.preview({ expectFailure: true });
    expect(stdout).toContain("Cannot find module 'no-such-package'");
  });

  it("leaves no process when the CLI was killed in the middle of a create", async () => {
    await setProgram(program.replace(/create: .*/, "create: () => new Promise(() => {}),"));
    const up = workspace.start(["up", "--yes", "--skip-preview"]);
    await waitFor(async () => (await workspace.dynamicProvider()) !== undefined);
    up.process.kill("SIGKILL");
    expect((await up.completion).exitCode).toBe(128 + 9);

    // The language host and the program go with the CLI; Pulumi's own provider does not notice.
    await waitFor(async () => {
      const commands = (await workspace.processes()).map(({ command }) => command);
      return !commands.some((command) => /pulumi-language-nodejs|cmd\/run/.test(command));
    });
    expect(await workspace.dynamicProvider()).toBeDefined();

    await workspace.dispose();
    await expect(workspace.processes()).resolves.toEqual([]);
    await expect(fs.access(workspace.projectFolder)).rejects.toThrow("ENOENT");
  });
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited 30 s in vain for ${String(condition)}`);
    await delay(50);
  }
}
