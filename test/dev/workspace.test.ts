import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createWorkspace } from "../../dev/workspace/createWorkspace";
import type { PulumiWorkspace } from "../../dev/workspace/workspace";
import { installedPulumi } from "../support/engineFixture";

/* A TypeScript project in a workspace, run by the CLI: what a workspace's commands do and say. */

jest.setTimeout(120_000);

const PROGRAM = `
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
    "index.ts": PROGRAM,
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

test("previews, updates, refreshes, exports and destroys", async () => {
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

test("shows the error of a program that throws, and fails", async () => {
  await setProgram(`throw new Error("out of ink");`);
  const { exitCode, stdout } = await workspace.up({ expectFailure: true });
  expect(exitCode).not.toBe(0);
  expect(stdout).toContain("out of ink");
  // The rest of the answer to a program that has told what is wrong would only repeat it.
  expect(stdout).not.toContain("non-zero exit code");

  await expect(workspace.up()).rejects.toThrow(/"pulumi up --yes .*failed.*out of ink/s);
});

test("reports the exit code of a program that just exits", async () => {
  await setProgram("declare const process: { exit(code: number): void }; process.exit(3);");
  const { stdout } = await workspace.preview({ expectFailure: true });
  expect(stdout).toContain("exit code: 3");
});

test("names an import that cannot be resolved", async () => {
  await setProgram(`import { nothing } from "no-such-package"; nothing();`);
  const { stdout } = await workspace.preview({ expectFailure: true });
  expect(stdout).toContain("Cannot find module 'no-such-package'");
});

test("leaves no process when the CLI was killed in the middle of a create", async () => {
  await setProgram(PROGRAM.replace(/create: .*/, "create: () => new Promise(() => {}),"));
  const up = workspace.start(["up", "--yes", "--skip-preview"]);
  await waitFor(async () => (await workspace.provider()) !== undefined);
  up.process.kill("SIGKILL");
  expect((await up.completion).exitCode).toBe(128 + 9);

  // The language host and the program go with the CLI; Pulumi's own provider does not notice.
  await waitFor(async () => {
    const commands = (await workspace.processes()).map(({ command }) => command);
    return !commands.some((command) => /pulumi-language-nodejs|cmd\/run/.test(command));
  });
  expect(await workspace.provider()).toBeDefined();

  await workspace.dispose();
  await expect(workspace.processes()).resolves.toEqual([]);
  await expect(fs.access(workspace.projectFolder)).rejects.toThrow("ENOENT");
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited 30 s in vain for ${String(condition)}`);
    await delay(50);
  }
}
