import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as path from "node:path";
import { promisify } from "node:util";
import { EngineFixture } from "../support/engineFixture";
import { accountShown, type StandInAz, standInAz } from "../support/standInAz";

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
  const { environment, projectFolder } = engine.workspace;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [projectFolder, ...subscriptions],
    {
      cwd: projectFolder,
      env: {
        ...environment,
        ARM_TENANT_ID: undefined,
        ARM_CLIENT_ID: undefined,
        ARM_CLIENT_SECRET: undefined,
        ARM_SUBSCRIPTION_ID: undefined,
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
