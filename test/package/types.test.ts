import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { prepareProviderFolder } from "../../dev/workspace/providerProcess";

/* The packed package's declarations, as TypeScript finds them from a user's file. */

jest.setTimeout(120_000);

const PROGRAM = `
import { BatchAccountKeyRotation } from "pulumi-azure-batch-key-rotation";
import { RotatedBatchAccount } from "pulumi-azure-batch-key-rotation/components";
import { check } from "pulumi-azure-batch-key-rotation/lifecycle";
import { startSimulator } from "pulumi-azure-batch-key-rotation/simulator";

new BatchAccountKeyRotation("keys", { accountId: "id", version: 1 });
check({}, {}).then(({ inputs }) => inputs);
startSimulator({ keyPropagationMs: 1 }).then((simulator) => simulator.close());

// Where something is not found it is any, and takes everything.
// @ts-expect-error
new BatchAccountKeyRotation("keys", { accountId: 1 });
// @ts-expect-error
new RotatedBatchAccount("account", { account: { resourceGroupName: 1 } });
// @ts-expect-error
check(1, 2);
// @ts-expect-error
startSimulator({ keyPropagationMs: "1" });
`;

let folder: string;

beforeAll(async () => {
  folder = await prepareProviderFolder();
  await fs.writeFile(path.join(folder, "index.ts"), PROGRAM);
});
afterAll(() => fs.rm(folder, { recursive: true }));

test.each([
  ["node10", "commonjs"],
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["bundler", "esnext"],
])("each entry point's types are found under moduleResolution %s", async (resolution, module) => {
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--types",
    "node",
    "--skipLibCheck",
  ];
  const how = ["--moduleResolution", resolution, "--module", module];
  const tsc = require.resolve("typescript/bin/tsc");
  const compiled = await promisify(execFile)(
    process.execPath,
    [tsc, ...options, ...how, "index.ts"],
    { cwd: folder },
  ).catch((error: unknown) => error);
  expect(compiled).toEqual({ stdout: "", stderr: "" });
});
