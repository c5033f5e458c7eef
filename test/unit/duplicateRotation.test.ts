import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "../../provider/program/batchAccountKeyRotation";
import { claimAccount } from "../../provider/program/duplicateRotation";
import { restoreProcessEnvironment, setProcessEnvironment } from "../support/processEnvironment";
import { ACCOUNT_ID } from "../support/rotationInputs";

const PARTS = { resourceGroupName: "group", accountName: "account" };

beforeAll(() =>
  pulumi.runtime.setMocks({
    call: () => ({}),
    // What check makes of names alone, too.
    newResource: ({ name, inputs }) => {
      const state = { accountId: ACCOUNT_ID, ...(inputs as object) };
      return { id: name, state };
    },
  }),
);
afterEach(restoreProcessEnvironment);

test("an account is claimed as check has completed it, without the Azure CLI being asked", async () => {
  const execFile = jest.spyOn(jest.requireActual("node:child_process"), "execFile");
  setProcessEnvironment({ ARM_SUBSCRIPTION_ID: undefined });
  await pulumi.runtime.runInPulumiStack(async () => {
    const { accountId } = new BatchAccountKeyRotation("first", PARTS);
    await new Promise((resolve) => accountId.apply(resolve));
    const second = () => claimAccount({ name: "second" }, ACCOUNT_ID.toUpperCase());
    expect(second).toThrow(/"second" rotates the same account as "first"/);
  });
  expect(execFile).not.toHaveBeenCalled();
});

test("one resource may claim its account twice, by what is given and by what check made of it", async () => {
  await pulumi.runtime.runInPulumiStack(async () => {
    const { accountId } = new BatchAccountKeyRotation("keys", { accountId: ACCOUNT_ID });
    expect(await new Promise((resolve) => accountId.apply(resolve))).toBe(ACCOUNT_ID);
    // As many resources as there are parents may have one name.
    expect(() => claimAccount({ name: "keys" }, ACCOUNT_ID)).toThrow(
      /"keys" rotates the same account/,
    );
  });
});
