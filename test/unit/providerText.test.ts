import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "../../provider/program/batchAccountKeyRotation";
import { ACCOUNT_ID } from "../support/rotationInputs";

/* Pulumi's mocks stand in for the engine: they show what each resource is registered with. */

const registered = new Map<string, Record<string, unknown>>();

beforeAll(() =>
  pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, inputs }) => {
      registered.set(name, inputs as Record<string, unknown>);
      return { id: name, state: inputs as object };
    },
  }),
);

class Child extends pulumi.CustomResource {}

test("a rotation is registered with the text of its provider, a resource below it without", async () => {
  await pulumi.runtime.runInPulumiStack(async () => {
    const rotation = new BatchAccountKeyRotation("rotation", { accountId: ACCOUNT_ID });
    const child = new Child("test:index:Child", "child", { size: 1 }, { parent: rotation });
    await new Promise((resolve) => pulumi.all([rotation.id, child.id]).apply(resolve));
  });
  const text = fs.readFileSync(path.join(__dirname, "../fixtures/shim.txt"), "utf8");
  expect(registered.get("rotation")).toEqual({ accountId: ACCOUNT_ID, __provider: text });
  expect(registered.get("child")).toEqual({ size: 1 });
});
