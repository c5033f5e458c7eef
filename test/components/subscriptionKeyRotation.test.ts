import * as path from "node:path";
import { EngineFixture } from "../support/engineFixture";

/* SubscriptionKeyRotation under Pulumi's own engine; examples/subscription is tested beside it. */

jest.setTimeout(120_000);

let engine: EngineFixture;

beforeAll(async () => {
  engine = await EngineFixture.start({ project: path.join(__dirname, "project") });
  engine.newAccount("first");
  engine.newAccount("second");
  engine.simulator.createAccount({ name: "entraonly", allowedAuthenticationModes: ["AAD"] });
});
afterAll(() => engine.stop());

const component = "SubscriptionKeyRotation";
const first = () => engine.simulator.account(idOf("first"));

function idOf(name: string): string {
  return `/subscriptions/${engine.simulator.subscriptionId}/resourceGroups/simulator/providers/Microsoft.Batch/batchAccounts/${name}`;
}

test("a preview shows every account that will rotate, and changes none", async () => {
  await engine.arguments({ component, args: {} });
  const { stdout } = await engine.workspace.preview({ diff: true });
  expect(stdout.match(/keyToRotate\s*: "Secondary"/g)).toHaveLength(2);
  expect(first().regenerations).toEqual([]);
});

test("up rotates them, and lists what refuses shared keys with the reason", async () => {
  await engine.up({ component, args: {} });
  const outputs = await engine.workspace.outputs();
  expect(outputs["rotated"]).toEqual([idOf("first"), idOf("second")]);
  expect(outputs["skipped"]).toEqual([
    { accountId: idOf("entraonly"), reason: expect.stringContaining("shared keys") as string },
  ]);
});

test("an account that vanishes between list and rotation fails alone", async () => {
  const vanishing = engine.newAccount("vanishing");
  const delay = { kind: "Delay", milliseconds: 500, when: "BeforeEffect" } as const;
  engine.simulator.inject({ operation: "get", accountId: vanishing.id, fault: delay });
  await engine.arguments({ component, args: { rotation: { version: 2 } } });
  const command = engine.workspace.pulumi(
    ["up", "--yes", "--skip-preview", "--continue-on-error"],
    { expectFailure: true },
  );
  while (engine.simulator.requests.every(({ accountId }) => accountId !== vanishing.id)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  vanishing.delete();
  expect((await command).stdout).toContain('Batch account "vanishing"');
  expect(first().regenerations).toHaveLength(2);
  // The next list does not have it any more.
  await engine.up({ component, args: { rotation: { version: 2 } } });
});

test("an account that a changing list has twice is rotated once", async () => {
  const link = JSON.stringify({ value: [first().resource(), first().resource()] });
  engine.simulator.inject({ operation: "list", fault: { kind: "Body", body: link } });
  await engine.up({ component, args: { rotation: { version: 3 } } });
  expect((await engine.workspace.outputs())["rotated"]).toEqual([idOf("first")]);
  expect(first().regenerations).toHaveLength(3);
});

test.each([
  ["a select that throws", { select: "throws" }, /select failed on Batch account .*no tags on/],
  ["a subscription id that is none", { subscriptionId: "mine" }, /a subscription id is a GUID/],
])("%s fails before anything changes, and says where", async (_, args, message) => {
  const { stdout, stderr } = await engine.up({ component, args }, { expectFailure: true });
  expect(stdout + stderr).toMatch(message);
  expect(first().regenerations).toHaveLength(3);
});
