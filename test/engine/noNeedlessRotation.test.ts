import { rotationStack } from "../support/rotationStack";

/*
 * Other ways on which a rotation could begin anew, or rotate without need: the data plane is the judge
 * of the key that was held before.
 */

jest.setTimeout(180_000);

const stack = rotationStack();

describe("no key is regenerated", () => {
  test("for another name without an alias, and what is deleted under the old one revokes nothing", async () => {
    const account = stack.engine.newAccount("renamed");
    const args = { accountId: account.id, revokeOnDelete: true };
    await stack.up({ keys: { args } });
    const held = await stack.currentKey("keys");
    expect(await stack.preview({ rotation: { args } })).toMatch(/rotationReason\s*: "Moved"/);
    await stack.up({ rotation: { args } });
    expect(await stack.currentKey("rotation")).toBe(held);
    expect(account.accepts(held)).toBe(true);
    expect(account.regenerations).toHaveLength(1);
  });

  test.each([
    ["an update", { version: 2 }, 2],
    ["a create", {}, 1],
  ])("twice by %s that an onError hook retries", async (what, change, regenerations) => {
    const account = stack.engine.newAccount(`retried${String(regenerations)}`);
    const args = { accountId: account.id, verifyKey: "Required" };
    if (what === "an update") await stack.up({ keys: { args } });
    account.dataPlane = "Unreachable";
    const failing = { keys: { args: { ...args, ...change }, retries: 2 } };
    await expect(stack.up(failing)).rejects.toThrow(/retrying (update|create) .*2\/100/);
    expect(account.regenerations).toHaveLength(regenerations);
    account.dataPlane = "Available";
    if (what === "a create") return;
    const held = await stack.currentKey("keys");
    expect(account.accepts(held)).toBe(true);
    await stack.up(failing);
    await stack.expectRotatedOnce(account, held);
  });

  const INPUTS = [
    ..."accountId subscriptionId resourceGroupName accountName version rotate liveKey".split(" "),
    ..."rotateOnCreate rotateAfter minimumOverlap verifyKey revokeOnDelete".split(" "),
    ..."configNamespace generation keyToRotate rotationReason rotationDecidedAt".split(" "),
  ];

  test("by a program that ignores changes, of everything or of any property", async () => {
    const ignored = ["*", ...INPUTS];
    const accounts = ignored.map((_, index) => stack.engine.newAccount(`ignoring${String(index)}`));
    const rotations = (ignore: boolean) =>
      Object.fromEntries(
        ignored.map((name, index) => [
          `keys${String(index)}`,
          {
            args: { accountId: accounts[index]?.id, rotateAfter: "P90D", minimumOverlap: "P7D" },
            ...(ignore ? { ignoreChanges: [name] } : {}),
          },
        ]),
      );
    await stack.up(rotations(false));
    expect(await stack.preview(rotations(true))).toContain(
      `${String(ignored.length + 1)} unchanged`,
    );
    const { stdout } = await stack.up(rotations(true));
    expect(stdout).toContain(`${String(ignored.length + 1)} unchanged`);
    for (const account of accounts) expect(account.regenerations).toHaveLength(1);
  });

  test("where an alias leads to a resource of another kind, which is refused by name", async () => {
    const account = stack.engine.newAccount("astray");
    await stack.engine.arguments({ foreign: "astray" });
    await stack.engine.workspace.up({ skipPreview: true });
    const aliases = [{ name: "astray", type: "pulumi-nodejs:dynamic:Resource" }];
    const rotations = { keys: { args: { accountId: account.id }, aliases } };
    const refusal = /not that of a BatchAccountKeyRotation: it has the properties colour/;
    const requests = await stack.engine.requestsOf(async () => {
      await expect(stack.preview(rotations)).rejects.toThrow(refusal);
      await expect(stack.up(rotations)).rejects.toThrow(refusal);
    });
    expect(requests).toEqual([]);
    const { deployment } = await stack.engine.workspace.stackExport();
    expect(deployment.resources?.map(({ urn: each }) => each)).toContain(
      stack.urn("astray", "pulumi-nodejs:dynamic:Resource"),
    );
  });
});

describe("an account that has moved", () => {
  test("keeps key, generation and schedule, and the preview says so", async () => {
    const account = stack.engine.newAccount("moving");
    const rotations = () => ({ keys: { args: { accountId: account.id, rotateAfter: "P90D" } } });
    await stack.up(rotations());
    const held = await stack.currentKey("keys");
    const before = await stack.engine.resource();
    stack.engine.simulator.moveAccount(account.id, { resourceGroupName: "elsewhere" });
    expect(await stack.preview(rotations())).toMatch(/rotationReason\s*: "Created" => "Moved"/);
    await stack.up(rotations());
    expect(await stack.decision()).toEqual({
      generation: 1,
      keyToRotate: "Secondary",
      rotationReason: "Moved",
    });
    const { outputs: was = {} } = before ?? {};
    expect((await stack.engine.resource())?.outputs).toMatchObject({
      rotationDecidedAt: was["rotationDecidedAt"],
      rotatedAt: was["rotatedAt"],
      nextRotationAt: was["nextRotationAt"],
    });
    expect(await stack.currentKey("keys")).toBe(held);
    expect(account.accepts(held)).toBe(true);
    expect(account.regenerations).toHaveLength(1);

    await stack.up({ keys: { args: { accountId: account.id, version: 2 } } });
    await stack.expectRotatedOnce(account, held);
  });

  test("stays in state at refresh, and is not taken for revoked when it is destroyed", async () => {
    const account = stack.engine.newAccount("wandering");
    stack.engine.newAccount("neighbour");
    const args = () => ({ keys: { args: { accountId: account.id, revokeOnDelete: true } } });
    await stack.up(args());
    const held = await stack.currentKey("keys");
    stack.engine.simulator.moveAccount(account.id, { resourceGroupName: "elsewhere" });
    const { stdout } = await stack.engine.keep(stack.engine.workspace.refresh());
    expect(stdout).toMatch(/"wandering" has moved from .* to .*elsewhere/);
    expect(await stack.engine.resource()).toBeDefined();
    await expect(stack.engine.workspace.destroy()).rejects.toThrow(
      /has moved .* its keys still work/,
    );
    expect(account.accepts(held)).toBe(true);

    await stack.up(args());
    expect(await stack.currentKey("keys")).toBe(held);
    expect(account.regenerations).toHaveLength(1);
    await stack.engine.workspace.destroy();
    expect(account.accepts(held)).toBe(false);
  });
});

test("a 404 that is not the account's leaves it in state, and the next update rotates nothing", async () => {
  const { account, held } = await stack.rotated("present");
  const rotations = { keys: { args: { accountId: account.id } } };
  for (const code of ["InvalidResourceType", "NoRegisteredProviderFound", "SubscriptionNotFound"]) {
    const fault = { kind: "Error", status: 404, code } as const;
    stack.engine.simulator.inject({ operation: "listKeys", fault });
    await expect(stack.engine.workspace.refresh()).rejects.toThrow(code);
  }
  expect((await stack.up(rotations)).stdout).toContain("2 unchanged");
  expect(account.accepts(held)).toBe(true);
  expect(account.regenerations).toHaveLength(1);
});

test.each([
  ["after", 403],
  ["before", 200],
] as const)(
  "a page that a gateway gives in Azure's place, %s the key has changed, costs no key and no second rotation",
  async (when, status) => {
    const { account, held } = await stack.rotated(`behindagateway${when}`);
    const headers = { "Content-Type": "text/html", Server: "gateway" };
    const moment = when === "after" ? "AfterEffect" : "BeforeEffect";
    stack.engine.simulator.inject({
      operation: "regenerateKeys",
      accountId: account.id,
      fault: { kind: "Body", body: "<html>", status, headers, when: moment },
    });
    const { stdout } = await stack.up({ keys: { args: { accountId: account.id, version: 2 } } });
    expect(stdout).toContain("no usable answer to the request to regenerate the Primary key");
    await stack.expectRotatedOnce(account, held);
  },
);
