import { spawnSync } from "node:child_process";
import * as path from "node:path";
import type { StatusReport } from "../../cli/status/report";
import { rotationStack } from "../support/rotationStack";

/* `status` beside Pulumi's own CLI, on a stack that the engine itself has left in three conditions. */

jest.setTimeout(180_000);

const COMMAND = path.join(__dirname, "../../dist/cli/main.js");

const stack = rotationStack();

/** Runs the command in the project's folder, where nothing can decrypt the stack. */
function status(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const { workspace } = stack.engine;
  const printed = spawnSync(process.execPath, [COMMAND, "status", ...args], {
    cwd: workspace.projectFolder,
    env: { ...workspace.environment, PULUMI_CONFIG_PASSPHRASE: undefined, ...environment },
    encoding: "utf8",
  });
  return { exitCode: printed.status, stdout: printed.stdout, stderr: printed.stderr };
}

async function makeOverdue(name: string): Promise<void> {
  const { deployment, ...rest } = await stack.engine.workspace.stackExport();
  const resources = (deployment.resources ?? []).map((resource) => {
    if (!resource.urn.endsWith(`::${name}`)) return resource;
    const rotationDecidedAt = new Date(Date.now() - 40 * 86_400_000).toISOString();
    return {
      ...resource,
      inputs: { ...resource.inputs, rotationDecidedAt },
      outputs: { ...resource.outputs, rotationDecidedAt },
    };
  });
  const input = JSON.stringify({ ...rest, deployment: { ...deployment, resources } });
  await stack.engine.workspace.pulumi(["stack", "import"], { input });
}

test("a stack tells what is in order, overdue and unfinished, without a passphrase, a key, or Azure", async () => {
  const { engine } = stack;
  const fresh = engine.newAccount("fresh");
  const late = engine.newAccount("late");
  const halfWay = engine.newAccount("halfway");
  const rotations = (version: number) => ({
    fresh: { args: { accountId: fresh.id, rotateAfter: "P30D" } },
    late: { args: { accountId: late.id, rotateAfter: "P30D" } },
    halfway: { args: { accountId: halfWay.id, verifyKey: "Required", version } },
  });
  await stack.up(rotations(1));
  expect(status()).toMatchObject({ exitCode: 0, stderr: "" });

  halfWay.dataPlane = "Unreachable";
  await engine.arguments({ rotations: rotations(2) });
  await engine.workspace.pulumi(["up", "--yes", "--skip-preview"], { expectFailure: true });
  await makeOverdue("late");
  const requests = await engine.requestsOf(() => {
    for (const args of [[], ["--all"], ["--stack", engine.workspace.stack]]) {
      const { exitCode, stdout, stderr } = status(args);
      expect([exitCode, stderr]).toEqual([2, ""]);
      expect(stdout).toMatch(/\nUnfinished +halfway +Secondary .*\nOverdue +late .*\nOK +fresh /);
      expect(stdout).toMatch(
        /halfway \(resource-options\/dev\): the last update stopped half-way: /,
      );
      expect(engine.secretsIn(stdout)).toBe(0);
    }
    return Promise.resolve();
  });
  expect(requests).toEqual([]);
  const { stdout } = status(["--json"]);
  expect(engine.secretsIn(stdout)).toBe(0);
  expect((JSON.parse(stdout) as StatusReport).rotations).toMatchObject([
    { status: "Unfinished", accountName: "halfway", generation: 2, keyVerification: "Unreachable" },
    { status: "Overdue", accountName: "late", nextRotationAt: expect.any(String) as string },
    { status: "OK", accountName: "fresh", secretProperties: [] },
  ]);

  // What it advises puts it in order.
  halfWay.dataPlane = "Available";
  await stack.up(rotations(2));
  expect(status()).toMatchObject({ exitCode: 0 });
  expect(late.regenerations).toHaveLength(2);
});

test("what Pulumi refuses is passed on, with where and what to do next", async () => {
  const { workspace } = stack.engine;
  const refusals = [
    status(["--stack", "nowhere"]),
    status([], { PULUMI_BACKEND_URL: undefined }),
    status([], { PULUMI_BACKEND_URL: "file:///nowhere" }),
  ];
  await workspace.pulumi(["stack", "unselect"]);
  refusals.push(status());
  await workspace.pulumi(["stack", "select", workspace.stack]);
  const advice = [
    /no stack named 'nowhere' found\. Next: "pulumi stack ls" lists/,
    /PULUMI_ACCESS_TOKEN must be set .* Next: sign in with "pulumi login"/,
    /unable to open state directory .* Next: run "pulumi stack export" in this folder/,
    /no stack selected.* Next: select one with "pulumi stack select", name one with --stack/,
  ];
  for (const [index, { exitCode, stdout, stderr }] of refusals.entries()) {
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`in ${workspace.projectFolder} failed: `);
    expect(stderr).toMatch(advice[index] ?? "");
  }
});
