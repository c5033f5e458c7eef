import { delimiter } from "node:path";
import { EngineFixture } from "../support/engineFixture";
import { host } from "../support/hosts";
import { accountShown, type StandInAz, standInAz } from "../support/standInAz";

jest.setTimeout(180_000);

const ANOTHER_SUBSCRIPTION = "12345678-1234-1234-1234-123456789012";
const NOBODY = {
  ARM_TENANT_ID: "",
  ARM_CLIENT_ID: "",
  ARM_CLIENT_SECRET: "",
  ARM_SUBSCRIPTION_ID: "",
};

let engine: EngineFixture;
let az: StandInAz;

beforeAll(async () => {
  engine = await EngineFixture.start({ host, environment: NOBODY });
  az = standInAz(engine.simulator);
});
afterAll(async () => {
  az.remove();
  await engine.stop();
});

/** `pulumi up`, preview included, where the Azure CLI is what signs in. */
async function up(args: object, expectFailure = false): Promise<string> {
  const path = [az.path, engine.workspace.environment["PATH"] ?? ""].join(delimiter);
  await engine.arguments(args);
  const { stdout } = await engine.keep(engine.workspace.up({ env: { PATH: path }, expectFailure }));
  return stdout;
}

test("a second rotation of an account whose subscription state alone knows is refused in the preview", async () => {
  const account = engine.newAccount("contested");
  const args = { resourceGroupName: "simulator", accountName: "contested" };
  await up(args);
  az.answer("account show", accountShown(engine.simulator, { id: ANOTHER_SUBSCRIPTION }));
  const second = { accountId: account.id };
  const stdout = await up({ ...args, version: 2, second }, true);
  expect(stdout).toMatch(
    /error: .* rotates the same account.*, \S+: each would invalidate the other's keys\. Keep one of them and share its outputs$/m,
  );
  expect(stdout).not.toMatch(/unhandled|^\s+at /m);
  expect(account.regenerations).toHaveLength(1);
});
