import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { installPackage, linkInstalledPackages } from "../../dev/workspace/nodeModules";
import { PACKAGE_NAME, packPackage } from "../../dev/workspace/packedPackage";
import { startSimulator } from "../../simulator";

/* `simulator` as a process. test/guides/firstRotation.test.ts has Pulumi in it. */

const COMMAND = path.join(__dirname, "../../dist/cli/main.js");

jest.setTimeout(60_000);

let temporary: string;

beforeAll(async () => {
  temporary = await fs.mkdtemp(path.join(tmpdir(), "simulator-command-"));
});
afterEach(async () => {
  const left = await fs.readdir(temporary);
  expect(left.filter((name) => name.includes("simulat"))).toEqual([]);
});
afterAll(() => fs.rm(temporary, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  args: readonly string[],
  {
    environment = {},
    signal,
    input = "",
    command = COMMAND,
    cwd,
  }: {
    readonly cwd?: string;
    readonly environment?: NodeJS.ProcessEnv;
    /** Sent as soon as something has been printed. */
    readonly signal?: NodeJS.Signals;
    readonly input?: string;
    readonly command?: string;
  } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [command, "simulator", ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: process.env["PATH"], TMPDIR: temporary, SHELL: "/bin/sh", ...environment },
  });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (data: Buffer) => (printed[name] += data.toString()));
  }
  if (signal !== undefined) child.stdout.once("data", () => child.kill(signal));
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve({ code, ...printed });
    });
  });
}

const node = (program: string) => ["--", process.execPath, "-e", program];

test("a command runs with its arguments and its exit code, and nothing of the user's Azure", async () => {
  const { code, stdout, stderr } = await run(
    [
      ...node("console.log(JSON.stringify([process.argv[1], process.env])); process.exit(7)"),
      ...["--", "--yes"],
    ],
    {
      environment: {
        ARM_USE_OIDC: "true",
        AZURE_TENANT_ID: "the user's",
        PULUMI_STACK: "theirs",
        KEPT: "yes",
      },
    },
  );
  expect({ code, stderr }).toEqual({ code: 7, stderr: "" });
  const [argument, environment] = JSON.parse(stdout) as [string, NodeJS.ProcessEnv];
  expect(argument).toBe("--yes");
  expect(environment).toMatchObject({
    KEPT: "yes",
    ARM_METADATA_HOSTNAME: expect.stringMatching(/^localhost:/) as string,
    BATCH_ACCOUNT_ID: expect.stringMatching(/\/my-group\/.*\/mybatch$/) as string,
    PULUMI_BACKEND_URL: `file://${path.join(temporary, "simulated-pulumi-")}${environment["PULUMI_BACKEND_URL"]?.slice(-6) ?? ""}`,
  });
  expect(environment["AZURE_CONFIG_DIR"]).toMatch(/simulated-pulumi-\w+\/\.azure$/);
  expect(environment).not.toHaveProperty("PULUMI_STACK");
  expect(environment).not.toHaveProperty("ARM_USE_OIDC");
  expect(environment).not.toHaveProperty("AZURE_TENANT_ID");
});

test("whom the user trusts is trusted in there, too", async () => {
  const other = await startSimulator();
  try {
    const { NODE_EXTRA_CA_CERTS = "" } = other.environment();
    const print = "console.log(fs.readFileSync(process.env.NODE_EXTRA_CA_CERTS, 'utf8'))";
    const { stdout } = await run(node(print), { environment: { NODE_EXTRA_CA_CERTS } });
    expect(stdout).toContain((await fs.readFile(NODE_EXTRA_CA_CERTS, "utf8")).trim());
    expect(stdout.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  } finally {
    await other.close();
  }
});

test("the settings of the project's stacks are out of reach, and so is what says whose Azure it is", async () => {
  const project = path.join(temporary, "owned");
  const files = {
    "Pulumi.yaml":
      "name: owned\nruntime: nodejs\nmain: source\nstackConfigDir: stacks\n" +
      "config:\n  azure-native:tenantId: theirs\n  keyVersion: 3\n" +
      "plugins:\n  providers:\n    - { name: one, path: ../one }\n",
    "Pulumi.dev.yaml": "config:\n  azure-native:clientId: theirs\n",
  };
  await fs.mkdir(path.join(project, "source/within"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await fs.writeFile(path.join(project, name), text);
  }
  const make =
    "fs.writeFileSync('Pulumi.dev.yaml', ''); console.log(fs.readFileSync('Pulumi.yaml', 'utf8'))";
  const { stdout, stderr } = await run(node(make), { cwd: path.join(project, "source/within") });
  expect(stderr).toBe("");
  expect(parse(stdout)).toEqual({
    name: "owned",
    runtime: "nodejs",
    main: path.join(project, "source"),
    config: { keyVersion: 3 },
    plugins: { providers: [{ name: "one", path: path.join(temporary, "one") }] },
  });
  expect((await fs.readdir(project)).sort()).toEqual([...Object.keys(files), "source"].sort());
  for (const [name, text] of Object.entries(files)) {
    expect(await fs.readFile(path.join(project, name), "utf8")).toBe(text);
  }
});

test("a project file that cannot be read is named, and nothing runs", async () => {
  const project = path.join(temporary, "broken");
  await fs.mkdir(project);
  await fs.writeFile(path.join(project, "Pulumi.yaml"), "just text");
  expect(await run(node("console.log('ran')"), { cwd: project })).toEqual({
    code: 1,
    stdout: "",
    stderr: `error: ${path.join(project, "Pulumi.yaml")} holds no project of Pulumi's\n`,
  });
});

test("it lists its account to a program, past the user's proxy", async () => {
  const list = `require("${path.join(__dirname, "../../dist")}").getBatchAccounts().then(({ accounts }) => console.log(accounts.map(({ id }) => id === process.env.BATCH_ACCOUNT_ID)))`;
  const environment = { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "example.com" };
  expect((await run(node(list), { environment })).stdout).toBe("[ true ]\n");
});

test("without a command it is the user's shell, which says what there is", async () => {
  const { code, stdout, stderr } = await run([], { input: 'echo "$BATCH_ACCOUNT_ID"; exit 3' });
  expect(code).toBe(3);
  expect(stderr).toContain(`BATCH_ACCOUNT_ID=${stdout}`);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s ends the command first, and leaves nothing behind",
  async (signal) => {
    const waiting = `process.on("${signal}", () => { console.log("told"); process.exit(4) }); setInterval(() => {}, 1e6); console.log("ready")`;
    expect(await run(node(waiting), { signal })).toEqual({
      code: 4,
      stdout: "ready\ntold\n",
      stderr: "",
    });
  },
);

test("a command that is not there is named, with what to do next", async () => {
  expect(await run(["no-such-command"])).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "error: could not run no-such-command: there is no such command. Next: name a command that is on PATH\n",
  });
});

test("without the package that makes certificates it says which to install", async () => {
  const nodeModules = path.join(temporary, "project/node_modules");
  await fs.mkdir(nodeModules, { recursive: true });
  await linkInstalledPackages(nodeModules);
  await fs.rm(path.join(nodeModules, "@peculiar/x509"));
  await installPackage(nodeModules, PACKAGE_NAME, await packPackage());
  const command = path.join(nodeModules, PACKAGE_NAME, "dist/cli/main.js");
  expect(await run([], { command })).toEqual({
    code: 1,
    stdout: "",
    stderr:
      'error: startSimulator needs @peculiar/x509, which is not installed here. Run "npm install --save-dev @peculiar/x509", or what your package manager calls that\n',
  });
});
