import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as path from "node:path";
import { promisify } from "node:util";
import { findPulumi } from "../../dev/pulumi-cli/find";
import { hermeticEnvironment } from "../../dev/workspace/environment";
import { EngineFixture } from "../support/engineFixture";
import { accountShown, standInAz, type StandInAz } from "../support/standInAz";

/* Inline programs of the Automation API, one after the other in one process, under the real engine. */

jest.setTimeout(120_000);

let engine: EngineFixture;
let az: StandInAz;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "inlineStacks") });
  az = standInAz(engine.simulator);
  const shown = JSON.stringify(accountShown(engine.simulator));
  const file = '__dirname + "/subscription"';
  az.answer("account set", {
    runs: `require("node:fs").writeFileSync(${file}, command.split(" ").at(-1))`,
  });
  az.answer("account show", {
    runs: `process.stdout.write(JSON.stringify({ ...${shown}, id: readFileSync(${file}, "utf8") }))`,
  });
});
afterAll(async () => {
  az.remove();
  await engine.stop();
});

/** Runs the script for each of the subscriptions, signed in by the Azure CLI alone. */
async function accountsOf(...subscriptions: string[]): Promise<unknown> {
  const { workspace, simulator } = engine;
  const pulumi = await findPulumi({ report: () => undefined });
  const root = path.dirname(workspace.projectFolder);
  const environment = hermeticEnvironment(root, pulumi?.executable ?? "pulumi");
  const { ARM_METADATA_HOSTNAME, NODE_EXTRA_CA_CERTS } = simulator.environment();
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [workspace.projectFolder, ...subscriptions],
    {
      cwd: workspace.projectFolder,
      env: {
        ...environment,
        ARM_METADATA_HOSTNAME,
        NODE_EXTRA_CA_CERTS,
        PATH: [az.path, environment["PATH"]].join(path.delimiter),
      },
    },
  );
  return JSON.parse(stdout);
}

test('"az account set" between two stacks is seen by the second, and each asks the CLI once', async () => {
  const { simulator } = engine;
  const [one, other] = [simulator.subscriptionId, randomUUID()];
  simulator.createAccount({ name: "first" });
  simulator.createAccount({ name: "second", subscriptionId: other });
  expect(await accountsOf(one, other)).toEqual([
    { subscriptionId: one, names: ["first"] },
    { subscriptionId: other, names: ["second"] },
  ]);
  expect(az.calls().filter((call) => call.startsWith("account s"))).toEqual([
    `account set --subscription ${one}`,
    "account show -o json",
    `account set --subscription ${other}`,
    "account show -o json",
  ]);
});
