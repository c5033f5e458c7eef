import * as pulumi from "@pulumi/pulumi";
import { getBatchAccounts, getBatchAccountsOutput, streamBatchAccounts } from "../../index";
import type { InjectedFault } from "../../simulator";
import { type ListingWorld, listingWorld } from "../support/listingWorld";
import { requestsOf } from "../support/simulatedWorld";

// The program's own connections trust the certificate authorities that Node.js was started with.
jest.mock("../../provider/program/programConnections", () => ({
  programConnections: () => world.connections,
}));

let world: ListingWorld;
let subscriptionId: string;

beforeAll(async () => {
  world = await listingWorld({ pageSize: 1 });
  ({ subscriptionId } = world.simulator);
  world.simulator.createAccount({ name: "first", resourceGroupName: "one" });
  world.simulator.createAccount({ name: "second", resourceGroupName: "one" });
  world.simulator.createAccount({ name: "third", resourceGroupName: "two" });
});
afterAll(() => world.simulator.close());

// A preview, outside of any engine: with Pulumi's mocks, they would be asked (withMocks.test.ts).
beforeEach(() => {
  pulumi.runtime.resetOptions("project", "stack", 1, "", "", true, "");
});

function value<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => output.apply(resolve));
}

const UNKNOWN = pulumi.output(pulumi.unknown as string);

test("outputs that are known give the list, in a preview too", async () => {
  const listed = getBatchAccountsOutput({
    subscriptionId: pulumi.output(subscriptionId),
    resourceGroupName: Promise.resolve("one"),
  });
  expect(await value(listed.subscriptionId)).toBe(subscriptionId);
  expect(await value(listed.accounts.apply((all) => all.map(({ name }) => name)))).toEqual([
    "first",
    "second",
  ]);
});

test.each(["subscriptionId", "resourceGroupName", "configNamespace"])(
  "while %s is unknown the list is unknown, and nothing is asked",
  async (name) => {
    const requests = await requestsOf(world, async () => {
      const listed = getBatchAccountsOutput({ subscriptionId, [name]: UNKNOWN });
      expect(await (listed as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
    });
    expect(requests).toEqual([]);
  },
);

test("a secret argument makes the list a secret, others do not", async () => {
  const isSecret = (resourceGroupName: pulumi.Input<string>) =>
    pulumi.isSecret(getBatchAccountsOutput({ subscriptionId, resourceGroupName }));
  expect(await isSecret(pulumi.secret("one"))).toBe(true);
  expect(await isSecret("one")).toBe(false);
});

test("the plain form and the output form give the same", async () => {
  const plain = await getBatchAccounts({ subscriptionId });
  expect(await value(getBatchAccountsOutput({ subscriptionId }))).toEqual(plain);
  expect(plain.accounts).toHaveLength(3);
});

test("the stack's configuration names the subscription where the arguments do not", async () => {
  pulumi.runtime.setAllConfig({ "other:subscriptionId": subscriptionId });
  const listed = await getBatchAccounts({ configNamespace: "other", resourceGroupName: "two" });
  expect(listed).toMatchObject({ subscriptionId, accounts: [{ name: "third" }] });
});

describe("failures are for Pulumi to print without a stack, and keep their cause", () => {
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => "no failure",
      (error: unknown) => error,
    );
  const ofAzure = { __pulumiRunError: true, stack: "", cause: { name: "AzureError" } };

  let fault: InjectedFault;
  beforeEach(() => {
    fault = world.simulator.inject({
      operation: "list",
      fault: { kind: "Error", status: 403, code: "AuthorizationFailed" },
    });
  });
  afterEach(() => {
    fault.remove();
  });

  test("of a list", async () => {
    expect(await failure(getBatchAccounts({ subscriptionId }))).toMatchObject(ofAzure);
  });

  test("of a stream", async () => {
    const first = streamBatchAccounts({ subscriptionId })[Symbol.asyncIterator]().next();
    expect(await failure(first)).toMatchObject(ofAzure);
  });

  test("of arguments", async () => {
    const args = { subscriptionId: "no GUID" };
    expect(await failure(getBatchAccounts(args))).toMatchObject({
      __pulumiRunError: true,
      stack: "",
    });
  });
});
