import * as path from "node:path";
import { rotationStack } from "../support/rotationStack";

/* Update plans: what a preview has planned is what an update carries out. */

jest.setTimeout(180_000);

const stack = rotationStack();

describe("a plan", () => {
  const plan = (): string => path.join(stack.engine.workspace.projectFolder, "plan.json");

  test("of a rotation by version is carried out", async () => {
    const { account, held } = await stack.rotated("planned");
    const rotations = { keys: { args: { accountId: account.id, version: 2 } } };
    expect(await stack.preview(rotations, ["--save-plan", plan()])).toContain(
      '=> "VersionChanged"',
    );
    await stack.up(rotations, ["--plan", plan()]);
    await stack.expectRotatedOnce(account, held);
  });

  test("of a rotation that is created is carried out", async () => {
    const account = stack.engine.newAccount("plannedanew");
    const rotations = { keys: { args: { accountId: account.id } } };
    await stack.preview(rotations, ["--save-plan", plan()]);
    await stack.up(rotations, ["--plan", plan()]);
    expect(account.regenerations).toHaveLength(1);
  });

  test("refuses a schedule that falls due after it was made", async () => {
    const account = stack.engine.newAccount("duelater");
    const rotations = { keys: { args: { accountId: account.id, rotateAfter: "PT5S" } } };
    await stack.up(rotations);
    const [resource] = [await stack.engine.resource()];
    const due = Date.parse(String(resource?.outputs?.["nextRotationAt"]));
    await stack.preview(rotations, ["--save-plan", plan()]);
    // What was planned was no rotation, or else this test tells nothing.
    expect(Date.now()).toBeLessThan(due);
    await new Promise((resolve) => setTimeout(resolve, due - Date.now()));
    await expect(stack.up(rotations, ["--plan", plan()])).rejects.toThrow(/violates plan/);
    expect(account.regenerations).toHaveLength(1);
  });
});
