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

/* Getting the CLI that tests, demo and bench run. */

const silent = new Progress({ write: () => undefined });

describe("the pinned version", () => {
  test("is the same in go.mod and in the Node.js SDK", async () => {
    const goMod = await fs.readFile(path.resolve(__dirname, "../../dev/pulumi-cli/go.mod"), "utf8");
    expect(goMod).toContain(`github.com/pulumi/pulumi/pkg/v3 v${PULUMI_VERSION}`);
    expect(sdkVersion).toBe(PULUMI_VERSION);
  });

  test.each([
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

  test("prefers the one on PATH, and adds nothing to it", async () => {
    const executable = await addExecutable(onPath(), "pulumi", "v3.300.0");
    await addExecutable(onPath(), "pulumi-language-nodejs", "");
    await addExecutable(cached(), "pulumi", `v${PULUMI_VERSION}`);

    await expect(ensure()).resolves.toEqual({ executable, version: "3.300.0", source: "path" });
    expect(await fs.readdir(onPath())).toEqual(["pulumi", "pulumi-language-nodejs"]);
  });

  test("takes the cached one when the one on PATH is too old", async () => {
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

  test("takes the cached one when the one on PATH cannot run Node.js programs", async () => {
    await addExecutable(onPath(), "pulumi", "v3.300.0");
    await addExecutable(cached(), "pulumi", "");

    await expect(ensure()).resolves.toMatchObject({ source: "cache" });
  });

  test("gives a built CLI the plugins it lacks, away from the shared one", async () => {
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

  test("says what to install when there is no CLI, no download and no Go", async () => {
    await expect(ensure()).rejects.toThrow(
      /no Pulumi CLI 3\.259\.0 or newer on PATH.*no Go on PATH.*install the Pulumi CLI 3\.259\.0: https.*install Go 1\.26/s,
    );
    expect(await fs.readdir(path.join(home(), "versions"))).toEqual([]);
  });

  test("builds once when several ask at the same time", async () => {
    let atWork = 0;
    const work = async (): Promise<void> => {
      expect((atWork += 1)).toBe(1);
      await delay(20);
      atWork -= 1;
    };
    const lock = path.join(folder, "lock");
    await Promise.all([1, 2, 3].map(() => withLock(lock, silent, work)));
  });

  test("takes over the lock of a process that was killed", async () => {
    const lock = path.join(folder, "lock");
    await fs.mkdir(lock);
    const aMinuteAgo = new Date(Date.now() - 60_000);
    await fs.utimes(lock, aMinuteAgo, aMinuteAgo);
    await expect(withLock(lock, silent, () => Promise.resolve("done"))).resolves.toBe("done");
  });
});
