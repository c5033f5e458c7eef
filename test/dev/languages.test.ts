import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ensureGo } from "../../dev/languages/ensureGo";
import { ensurePython } from "../../dev/languages/ensurePython";
import { ensureYamlHost, YAML_VERSION } from "../../dev/languages/ensureYamlHost";
import { languagesFolder } from "../../dev/languages/folder";
import { Progress } from "../../dev/progress";
import { PULUMI_VERSION, type PulumiInstallation } from "../../dev/pulumi-cli/installation";
import { differences } from "../../dev/sdk/differences";

/* Getting what programs in other languages need, and their SDKs. */

const silent = new Progress({ write: () => undefined });
const SOURCES = path.resolve(__dirname, "../../dev/languages");
const YAML_HOST = "pulumi-language-yaml";

let folder: string;
let environment: { readonly PATH: string; readonly PULUMI_HOME: string };
beforeEach(async () => {
  folder = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), "languages-test-")));
  environment = { PATH: path.join(folder, "path"), PULUMI_HOME: path.join(folder, "home") };
});
afterEach(() => fs.rm(folder, { recursive: true }));

async function addExecutable(directory: string, name: string, prints = ""): Promise<string> {
  await fs.mkdir(directory, { recursive: true });
  const file = path.join(directory, name);
  await fs.writeFile(file, `#!/bin/sh\necho "${prints}"\n`, { mode: 0o755 });
  return file;
}

test("the pinned versions are those of the CLI", async () => {
  const goMod = await fs.readFile(path.join(SOURCES, "go.mod"), "utf8");
  expect(goMod).toContain(`github.com/pulumi/pulumi/pkg/v3 v${PULUMI_VERSION}\n`);
  expect(goMod).toContain(`github.com/pulumi/pulumi/sdk/v3 v${PULUMI_VERSION}\n`);
  expect(goMod).toContain(`github.com/pulumi/pulumi-yaml v${YAML_VERSION}\n`);
  const requirements = await fs.readFile(path.join(SOURCES, "requirements.txt"), "utf8");
  expect(requirements).toContain(`\npulumi==${PULUMI_VERSION}\n`);
});

describe("the YAML language host", () => {
  const ensure = (pulumi: PulumiInstallation) => ensureYamlHost(pulumi, silent, environment);

  async function cli(source: PulumiInstallation["source"]): Promise<PulumiInstallation> {
    const executable = await addExecutable(path.join(folder, "cli"), "pulumi");
    return { executable, version: PULUMI_VERSION, source };
  }

  const addBuilt = (version: string) =>
    addExecutable(path.join(languagesFolder(environment), `yaml-${version}`), YAML_HOST);

  test("is the one that a CLI comes with", async () => {
    const pulumi = await cli("path");
    const host = await addExecutable(path.dirname(pulumi.executable), YAML_HOST);
    await addBuilt(YAML_VERSION);
    await expect(ensure(pulumi)).resolves.toBe(host);
    expect((await fs.lstat(host)).isSymbolicLink()).toBe(false);
  });

  test("is put beside a CLI of ours, in place of an older one", async () => {
    const pulumi = await cli("build");
    const built = await addBuilt(YAML_VERSION);
    const beside = path.join(path.dirname(pulumi.executable), YAML_HOST);
    await fs.symlink(await addBuilt("1.0.0"), beside);

    await expect(Promise.all([ensure(pulumi), ensure(pulumi)])).resolves.toEqual([beside, beside]);
    await expect(fs.realpath(beside)).resolves.toBe(built);
  });

  test("is not added to a CLI on PATH", async () => {
    const pulumi = await cli("path");
    await addBuilt(YAML_VERSION);
    await expect(ensure(pulumi)).rejects.toThrow(/Install the official Pulumi CLI.*https/);
    expect(await fs.readdir(path.dirname(pulumi.executable))).toEqual(["pulumi"]);
  });

  test("cannot be built without Go", async () => {
    await expect(ensure(await cli("build"))).rejects.toThrow(/no Go on PATH/);
  });
});

test("without Python, and with an old one, it says what to install", async () => {
  await expect(ensurePython(silent, environment)).rejects.toThrow(
    /no python3 on PATH.*Install Python 3\.10 or newer: https/,
  );
  await addExecutable(environment.PATH, "python3", "/usr/bin/python3 False 3.8.1");
  await expect(ensurePython(silent, environment)).rejects.toThrow(
    /python3 is too old.*Install Python 3\.10/,
  );
});

test("without Go, it says what to install", async () => {
  await expect(ensureGo(silent, environment)).rejects.toThrow(
    /no Go on PATH.*Install Go 1\.26 or newer: https/,
  );
});

test("an SDK differs where a file does, is missing, or is left over, but not by what tools leave", async () => {
  const write = async (file: string, text: string) => {
    await fs.mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await fs.writeFile(path.join(folder, file), text);
  };
  await write("one/same.ts", "same");
  await write("other/same.ts", "same");
  await write("one/go/changed.go", "before");
  await write("other/go/changed.go", "after");
  await write("one/left.py", "");
  await write("other/missing.py", "");
  await write("one/bin/index.js", "");
  await write("one/python/__pycache__/config.pyc", "");
  const found = await differences(path.join(folder, "one"), path.join(folder, "other"));
  expect(found).toEqual(["go/changed.go", "left.py", "missing.py"]);
});
