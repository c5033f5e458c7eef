import type { SimulatedAccount } from "../../simulator";
import { onRoads, REPLACED } from "../support/roads";

/* Resources that the engine makes anew: the data plane is the judge of the key that was held before. */

jest.setTimeout(180_000);

const roads = onRoads();

describe("a replacement goes on from the key in use:", () => {
  test("pulumi state taint", async () => {
    const { account, held } = await roads.rotated("tainted");
    const rotations = { keys: { args: { accountId: account.id } } };
    await roads.pulumi("state", "taint", roads.urn("keys"), "--yes");
    const shown = await roads.preview(rotations);
    expect(shown).toMatch(/rotationReason\s*: .*"Replaced"/);
    expect(shown).toMatch(/keyToRotate\s*: .*"Primary"/);
    await roads.up(rotations);
    expect(await roads.decision()).toEqual(REPLACED);
    await roads.expectRotatedOnce(account, held);
  });

  test("--replace", async () => {
    const { account, held } = await roads.rotated("replaced");
    const rotations = { keys: { args: { accountId: account.id } } };
    expect(await roads.preview(rotations, ["--replace", roads.urn("keys")])).toContain(
      '"Replaced"',
    );
    await roads.up(rotations, ["--replace", roads.urn("keys")]);
    expect(await roads.decision()).toEqual(REPLACED);
    await roads.expectRotatedOnce(account, held);
  });

  test("replacementTrigger and replaceWith, of several resources at once", async () => {
    const accounts = ["alpha", "beta", "gamma"].map((name) => roads.engine.newAccount(name));
    const [alpha, beta, gamma] = accounts as [SimulatedAccount, SimulatedAccount, SimulatedAccount];
    const rotations = (replacementTrigger: number) => ({
      alpha: { args: { accountId: alpha.id }, replacementTrigger },
      beta: { args: { accountId: beta.id }, replacementTrigger },
      gamma: { args: { accountId: gamma.id }, replaceWith: "alpha" },
    });
    await roads.up(rotations(1));
    const held = await Promise.all(accounts.map(({ name }) => roads.currentKey(name)));
    expect((await roads.preview(rotations(2))).match(/"Created" => "Replaced"/g)).toHaveLength(6);
    await roads.up(rotations(2));
    for (const [index, account] of accounts.entries()) {
      expect(await roads.decision(account.name)).toEqual(REPLACED);
      expect(account.accepts(held[index] ?? "")).toBe(true);
      expect(account.accepts(await roads.currentKey(account.name))).toBe(true);
      expect(account.regenerations).toHaveLength(2);
    }
  });

  test("a replacement that failed at first, with the account locked", async () => {
    const { account, held } = await roads.rotated("locked");
    const rotations = { keys: { args: { accountId: account.id } } };
    await roads.pulumi("state", "taint", roads.urn("keys"), "--yes");
    account.locked = true;
    await expect(roads.up(rotations)).rejects.toThrow("remove the ReadOnly lock");
    account.locked = false;
    await roads.up(rotations);
    expect(await roads.decision()).toEqual(REPLACED);
    await roads.expectRotatedOnce(account, held);
  });

  test("deleteBeforeReplace, with revokeOnDelete, which a replacement does not set off", async () => {
    const account = roads.engine.newAccount("deletedfirst");
    const rotations = (replacementTrigger: number) => ({
      keys: {
        args: { accountId: account.id, revokeOnDelete: true },
        deleteBeforeReplace: true,
        replacementTrigger,
      },
    });
    await roads.up(rotations(1));
    const held = await roads.currentKey("keys");
    const { stdout } = await roads.up(rotations(2));
    expect(stdout).toMatch(/keys of Batch account "deletedfirst" were not revoked/);
    await roads.expectRotatedOnce(account, held);
  });

  test("minimumOverlap, which holds a replacement up", async () => {
    const account = roads.engine.newAccount("overlapping");
    const args = { accountId: account.id, minimumOverlap: "P7D" };
    await roads.up({ keys: { args } });
    const before = account.keys();
    await roads.pulumi("state", "taint", roads.urn("keys"), "--yes");
    await expect(roads.preview({ keys: { args } })).rejects.toThrow(/pulumi state untaint/);
    await expect(roads.up({ keys: { args } })).rejects.toThrow(/7 days left|6 days, 23 hours left/);
    expect(account.keys()).toEqual(before);
    await roads.pulumi("state", "untaint", roads.urn("keys"), "--yes");
    expect((await roads.up({ keys: { args } })).stdout).toContain("2 unchanged");
  });

  test("a preview of a replacement, after which the program is another", async () => {
    const { account, held } = await roads.rotated("previewed");
    const rotations = { keys: { args: { accountId: account.id } } };
    await roads.preview(rotations, ["--replace", roads.urn("keys")]);
    expect((await roads.up(rotations)).stdout).toContain("2 unchanged");
    const other = roads.engine.newAccount("other");
    await roads.up({ keys: { args: { accountId: other.id } } });
    expect(await roads.decision()).toMatchObject({ generation: 1, rotationReason: "Created" });
    expect(account.accepts(held)).toBe(true);
    expect(account.regenerations).toHaveLength(1);
  });
});

test("what a rename has left over, protected, does not speak for the key in use", async () => {
  const account = roads.engine.newAccount("leftover");
  const keys = (version: number) => ({ args: { accountId: account.id, version } });
  await roads.up({ aold: { ...keys(1), protect: true } });
  // The new one is made; the old one cannot be deleted, and stays.
  await expect(roads.up({ keys: keys(1) })).rejects.toThrow(/protect/);
  await expect(roads.up({ keys: keys(2) })).rejects.toThrow(/protect/);
  const held = await roads.currentKey("keys");
  expect(held).toBe(account.keys().primary);

  await roads.pulumi("state", "unprotect", roads.urn("aold"), "--yes");
  await roads.pulumi("state", "taint", roads.urn("keys"), "--yes");
  await roads.up({ keys: keys(2) });
  expect(await roads.decision()).toEqual({
    generation: 3,
    keyToRotate: "Secondary",
    rotationReason: "Replaced",
  });
  expect(account.accepts(held)).toBe(true);
  expect(account.accepts(await roads.currentKey("keys"))).toBe(true);
});

test("a rotation that is deleted first, as its account's id is made anew, revokes nothing", async () => {
  const account = roads.engine.newAccount("dependent");
  const rotations = (trigger: number) => ({
    keys: { args: { revokeOnDelete: true }, accountIdOf: { account: account.id, trigger } },
  });
  await roads.up(rotations(1));
  const held = await roads.currentKey("keys");
  await roads.up(rotations(2));
  expect(await roads.decision()).toEqual(REPLACED);
  await roads.expectRotatedOnce(account, held);
});
