import * as path from "node:path";
import { can } from "../support/hosts";
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

  test("of a program that does not tell that it previews is carried out where the host finds out", async () => {
    const { account, held } = await stack.rotated("untold");
    const rotations = { keys: { args: { accountId: account.id, version: 2, previewing: false } } };
    await stack.preview(rotations, ["--save-plan", plan()]);
    const update = stack.up(rotations, ["--plan", plan()]);
    if (can("findOutPreviews")) {
      await update;
      await stack.expectRotatedOnce(account, held);
    } else {
      await expect(update).rejects.toThrow(/violates plan/);
      expect(account.regenerations).toHaveLength(1);
    }
  });

  test("refuses a schedule that falls due after it was made", async () => {
    const account = stack.engine.newAccount("duelater");
    const rotations = { keys: { args: { accountId: account.id, rotateAfter: "P1D" } } };
    await stack.up(rotations);
    await stack.preview(rotations, ["--save-plan", plan()]);
    await stack.engine.letDaysPass(2);
    await expect(stack.up(rotations, ["--plan", plan()])).rejects.toThrow(/violates plan/);
    expect(account.regenerations).toHaveLength(1);
  });
});
