import type { SimulatedAccount } from "../../simulator";
import { REPLACED, rotationStack } from "../support/rotationStack";

/* Resources that the engine makes anew: the data plane is the judge of the key that was held before. */

jest.setTimeout(180_000);

const stack = rotationStack();

describe("a replacement goes on from the key in use:", () => {
  test("pulumi state taint", async () => {
    const { account, held } = await stack.rotated("tainted");
    const rotations = { keys: { args: { accountId: account.id } } };
    await stack.pulumi("state", "taint", stack.urn("keys"), "--yes");
    const shown = await stack.preview(rotations);
    expect(shown).toMatch(/rotationReason\s*: .*"Replaced"/);
    expect(shown).toMatch(/keyToRotate\s*: .*"Primary"/);
    await stack.up(rotations);
    expect(await stack.decision()).toEqual(REPLACED);
    await stack.expectRotatedOnce(account, held);
  });

  test("--replace", async () => {
    const { account, held } = await stack.rotated("replaced");
    const rotations = { keys: { args: { accountId: account.id } } };
    expect(await stack.preview(rotations, ["--replace", stack.urn("keys")])).toContain(
      '"Replaced"',
    );
    await stack.up(rotations, ["--replace", stack.urn("keys")]);
    expect(await stack.decision()).toEqual(REPLACED);
    await stack.expectRotatedOnce(account, held);
  });

  test("replacementTrigger and replaceWith, of several resources at once", async () => {
    const accounts = ["alpha", "beta", "gamma"].map((name) => stack.engine.newAccount(name));
    const [alpha, beta, gamma] = accounts as [SimulatedAccount, SimulatedAccount, SimulatedAccount];
    const rotations = (replacementTrigger: number) => ({
      alpha: { args: { accountId: alpha.id }, replacementTrigger },
      beta: { args: { accountId: beta.id }, replacementTrigger },
      gamma: { args: { accountId: gamma.id }, replaceWith: "alpha" },
    });
    await stack.up(rotations(1));
    const held = await Promise.all(accounts.map(({ name }) => stack.currentKey(name)));
    expect((await stack.preview(rotations(2))).match(/"Created" => "Replaced"/g)).toHaveLength(6);
    await stack.up(rotations(2));
    for (const [index, account] of accounts.entries()) {
      expect(await stack.decision(account.name)).toEqual(REPLACED);
      expect(account.accepts(held[index] ?? "")).toBe(true);
      expect(account.accepts(await stack.currentKey(account.name))).toBe(true);
      expect(account.regenerations).toHaveLength(2);
    }
  });

  test("a replacement that failed at first, with the account locked", async () => {
    const { account, held } = await stack.rotated("locked");
    const rotations = { keys: { args: { accountId: account.id } } };
    await stack.pulumi("state", "taint", stack.urn("keys"), "--yes");
    account.locked = true;
    await expect(stack.up(rotations)).rejects.toThrow("remove the ReadOnly lock");
    account.locked = false;
    await stack.up(rotations);
    expect(await stack.decision()).toEqual(REPLACED);
    await stack.expectRotatedOnce(account, held);
  });

  test("deleteBeforeReplace, with revokeOnDelete, which a replacement does not set off", async () => {
    const account = stack.engine.newAccount("deletedfirst");
    const rotations = (replacementTrigger: number) => ({
      keys: {
        args: { accountId: account.id, revokeOnDelete: true },
        deleteBeforeReplace: true,
        replacementTrigger,
      },
    });
    await stack.up(rotations(1));
    const held = await stack.currentKey("keys");
    const { stdout } = await stack.up(rotations(2));
    expect(stdout).toMatch(/keys of Batch account "deletedfirst" were not revoked/);
    await stack.expectRotatedOnce(account, held);
  });

  test("minimumOverlap, which holds a replacement up", async () => {
    const account = stack.engine.newAccount("overlapping");
    const args = { accountId: account.id, minimumOverlap: "P7D" };
    await stack.up({ keys: { args } });
    const before = account.keys();
    await stack.pulumi("state", "taint", stack.urn("keys"), "--yes");
    await expect(stack.preview({ keys: { args } })).rejects.toThrow(/pulumi state untaint/);
    await expect(stack.up({ keys: { args } })).rejects.toThrow(/7 days left|6 days, 23 hours left/);
    expect(account.keys()).toEqual(before);
    await stack.pulumi("state", "untaint", stack.urn("keys"), "--yes");
    expect((await stack.up({ keys: { args } })).stdout).toContain("2 unchanged");
  });

  test("a preview of a replacement, after which the program is another", async () => {
    const { account, held } = await stack.rotated("previewed");
    const rotations = { keys: { args: { accountId: account.id } } };
    await stack.preview(rotations, ["--replace", stack.urn("keys")]);
    expect((await stack.up(rotations)).stdout).toContain("2 unchanged");
    const other = stack.engine.newAccount("other");
    await stack.up({ keys: { args: { accountId: other.id } } });
    expect(await stack.decision()).toMatchObject({ generation: 1, rotationReason: "Created" });
    expect(account.accepts(held)).toBe(true);
    expect(account.regenerations).toHaveLength(1);
  });
});

test("what a rename has left over, protected, does not speak for the key in use", async () => {
  const account = stack.engine.newAccount("leftover");
  const keys = (version: number) => ({ args: { accountId: account.id, version } });
  await stack.up({ aold: { ...keys(1), protect: true } });
  // The new one is made; the old one cannot be deleted, and stays.
  await expect(stack.up({ keys: keys(1) })).rejects.toThrow(/protect/);
  await expect(stack.up({ keys: keys(2) })).rejects.toThrow(/protect/);
  const held = await stack.currentKey("keys");
  expect(held).toBe(account.keys().primary);

  await stack.pulumi("state", "unprotect", stack.urn("aold"), "--yes");
  await stack.pulumi("state", "taint", stack.urn("keys"), "--yes");
  await stack.up({ keys: keys(2) });
  expect(await stack.decision()).toEqual({
    generation: 3,
    keyToRotate: "Secondary",
    rotationReason: "Replaced",
  });
  expect(account.accepts(held)).toBe(true);
  expect(account.accepts(await stack.currentKey("keys"))).toBe(true);
});

test("a rotation that is deleted first, as its account's id is made anew, revokes nothing", async () => {
  const account = stack.engine.newAccount("dependent");
  const rotations = (trigger: number) => ({
    keys: { args: { revokeOnDelete: true }, accountIdOf: { account: account.id, trigger } },
  });
  await stack.up(rotations(1));
  const held = await stack.currentKey("keys");
  await stack.up(rotations(2));
  expect(await stack.decision()).toEqual(REPLACED);
  await stack.expectRotatedOnce(account, held);
});
