import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { prepareProviderFolder } from "../../dev/workspace/providerProcess";
import { ACCOUNT_ID } from "../support/rotationInputs";

/* The packed package in a project that has none of its optional peers. */

jest.setTimeout(120_000);

const AZURE_NATIVE = path.join("@pulumi", "azure-native");
const COMPONENTS = "pulumi-azure-batch-key-rotation/components";
const SIMULATOR = "pulumi-azure-batch-key-rotation/simulator";

/** Pulumi's mocks, and what the program has registered on standard output. */
const MOCKS = `
const pulumi = require("@pulumi/pulumi");
pulumi.runtime.setMocks({
  newResource: ({ type, name, inputs }) => {
    console.log(type, name);
    return { id: name, state: inputs };
  },
  call: () => ({ accounts: [{ id: process.env.ACCOUNT_ID, name: "listed" }] }),
});
`;

let folder: string;

beforeAll(async () => {
  folder = await prepareProviderFolder();
  for (const peer of [AZURE_NATIVE, path.join("@peculiar", "x509")]) {
    await fs.rm(path.join(folder, "node_modules", peer));
  }
});
afterAll(async () => {
  await fs.rm(folder, { recursive: true });
});

async function run(file: string, program: string): Promise<{ stdout: string; stderr: string }> {
  await fs.writeFile(path.join(folder, file), program);
  const env = { PATH: process.env["PATH"], ACCOUNT_ID };
  return promisify(execFile)(process.execPath, [file], { cwd: folder, env }).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
}

const INSTALL_AZURE_NATIVE =
  'needs @pulumi/azure-native, which is not installed here. Run "npm install @pulumi/azure-native" in the program\'s folder';

test("a component that makes azure-native's resources says what to install, before it registers anything", async () => {
  const made = await run(
    "components.js",
    `${MOCKS}
    const { RotatedBatchAccount } = require("${COMPONENTS}");
    new RotatedBatchAccount("account", { account: { resourceGroupName: "group" } });`,
  );
  expect(made.stderr).toContain(`RotatedBatchAccount "account" ${INSTALL_AZURE_NATIVE}`);
  expect(made.stdout).toBe("");
});

test("it says so in an ES module, too", async () => {
  const made = await run(
    "components.mjs",
    `import { BatchKeyVaultSecret } from "${COMPONENTS}";
    new BatchKeyVaultSecret("secret", {});`,
  );
  expect(made.stderr).toContain(`BatchKeyVaultSecret "secret" ${INSTALL_AZURE_NATIVE}`);
});

test("a component that makes none works without azure-native", async () => {
  const made = await run(
    "list.js",
    `${MOCKS}
    const { SubscriptionKeyRotation } = require("${COMPONENTS}");
    new SubscriptionKeyRotation("all", {});`,
  );
  expect(made).toEqual({
    stdout: expect.stringMatching(
      /:SubscriptionKeyRotation all\n.*:BatchAccountKeyRotation all-group-account\n/,
    ) as string,
    stderr: "",
  });
});

test("a bundle is made without either of them", async () => {
  const contents = `require("${COMPONENTS}"); require("${SIMULATOR}");`;
  const { errors, warnings } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    platform: "node",
    external: ["@pulumi/pulumi"],
    write: false,
    logLevel: "silent",
  });
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
});

test("what azure-native itself lacks is told as it is", async () => {
  const broken = path.join(folder, "node_modules", AZURE_NATIVE, "batch");
  await fs.mkdir(broken, { recursive: true });
  await fs.writeFile(path.join(broken, "index.js"), 'require("what-it-needs");');
  const made = await run(
    "broken.js",
    `const { RotatedBatchAccount } = require("${COMPONENTS}");
    new RotatedBatchAccount("account", {});`,
  );
  await fs.rm(path.dirname(broken), { recursive: true });
  expect(made.stderr).toContain("Cannot find module 'what-it-needs'");
  expect(made.stderr).not.toContain("npm install");
});

test("startSimulator says what to install, and requiring it does not", async () => {
  const started = await run(
    "simulator.js",
    `const { startSimulator } = require("${SIMULATOR}");
    startSimulator().catch((error) => console.log(error.message));`,
  );
  expect(started.stderr).toBe("");
  expect(started.stdout).toContain(
    'startSimulator needs @peculiar/x509, which is not installed here. Run "npm install --save-dev @peculiar/x509"',
  );
});

describe("TypeScript, where azure-native is not installed,", () => {
  async function compile(...options: string[]): Promise<string> {
    const program = `import { SubscriptionKeyRotation } from "${COMPONENTS}";
      new SubscriptionKeyRotation("all");`;
    await fs.writeFile(path.join(folder, "index.ts"), program);
    const tsc = require.resolve("typescript/bin/tsc");
    const args = ["--noEmit", "--module", "nodenext", "--types", "node", ...options, "index.ts"];
    const compiled = await promisify(execFile)(process.execPath, [tsc, ...args], {
      cwd: folder,
    }).catch((error: unknown) => error as { stdout: string });
    return compiled.stdout;
  }

  test("names it in the components' declarations", async () => {
    expect(await compile()).toMatch(
      /components\/\w+\.d\.ts.* error TS2307: Cannot find module '@pulumi\/azure-native\//,
    );
  });

  test("takes them with skipLibCheck", async () => {
    expect(await compile("--skipLibCheck")).toBe("");
  });
});
