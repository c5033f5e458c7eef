import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { compileNodeSdk } from "../../dev/sdk/compile";
import { REPOSITORY } from "../../dev/workspace/packedPackage";
import { TYPE } from "../../provider/program/providerText";

/*
 * The SDK for Node.js of the plugin. `npm run sdk -- --check` holds sdk/ against the schema, and compiles
 * those of Python and Go.
 */

jest.setTimeout(60_000);

interface Sdk {
  readonly BatchAccountKeyRotation: new (name: string, args?: object) => pulumi.CustomResource;
  readonly getBatchAccounts: (args?: object) => Promise<unknown>;
}

let folder: string;
let sdk: Sdk;
const sent: { type: string; inputs: Record<string, unknown> }[] = [];

beforeAll(async () => {
  // Within the repository, where Node.js finds @pulumi/pulumi.
  const cache = path.join(REPOSITORY, "node_modules", ".cache");
  await fs.mkdir(cache, { recursive: true });
  folder = await fs.mkdtemp(path.join(cache, "node-sdk-"));
  await compileNodeSdk(folder);
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      sent.push({ type, inputs: inputs as Record<string, unknown> });
      return { id: name, state: {} };
    },
    call: ({ token, inputs }) => {
      sent.push({ type: token, inputs: inputs as Record<string, unknown> });
      return {};
    },
  });
  sdk = (await import(folder)) as Sdk;
});
afterAll(() => fs.rm(folder, { recursive: true }));

test("it sends what a program gives, and fills in nothing", async () => {
  const accountId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/a";
  const rotation = new sdk.BatchAccountKeyRotation("rotation", { accountId, version: 2 });
  await promise(rotation.urn);
  expect(sent.pop()).toEqual({
    type: "azure-batch-key-rotation:index:BatchAccountKeyRotation",
    inputs: { accountId, version: 2 },
  });
});

test("it takes one stack trace for a resource, and none for its properties", () => {
  let traces = 0;
  Error.prepareStackTrace = (error, frames) => {
    if (frames.length > 0) traces += 1;
    return String(error);
  };
  try {
    new sdk.BatchAccountKeyRotation("traced", {});
  } finally {
    Reflect.deleteProperty(Error, "prepareStackTrace"); // Node.js has its own where there is none
  }
  expect(traces).toBe(1);
  expect(new Error("with a trace").stack).toContain("nodeSdk.test.ts");
});

test("it knows the resource as the dynamic one that it may have been", async () => {
  const text = await fs.readFile(path.join(folder, "batchAccountKeyRotation.js"), "utf8");
  expect(text).toContain(`aliases: [{ type: "${TYPE}" }]`);
});

test("it asks for lists", async () => {
  await sdk.getBatchAccounts({ resourceGroupName: "group" });
  expect(sent.pop()).toEqual({
    type: "azure-batch-key-rotation:index:getBatchAccounts",
    inputs: { resourceGroupName: "group" },
  });
});

const promise = <Value>(output: pulumi.Output<Value>) =>
  new Promise<Value>((resolve) => {
    output.apply(resolve);
  });
