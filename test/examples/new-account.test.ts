import { vaultExample } from "./vaultExample";

jest.setTimeout(180_000);

const example = vaultExample("new-account");

test("the first preview works when there is nothing in Azure yet", async () => {
  await example.configure("azure-native:tenantId", example.engine.simulator.tenantId);
  const requests = await example.engine.requestsOf(async () => {
    expect((await example.preview()).stdout).toMatch(/\+ 8 to create/);
  });
  expect(requests).toEqual([]);
});

test("up makes all of it, with a key in the secret that nobody has seen and that works", async () => {
  await example.up();
  const { account, vault, keys } = await example.whatThereIs();
  expect(account.location).toBe("westeurope");
  expect(vault.resource().properties).toMatchObject({
    tenantId: example.engine.simulator.tenantId,
    enableRbacAuthorization: true,
  });
  expect(keys).toEqual([account.keys().secondary]);
  expect(account.accepts(account.keys().secondary)).toBe(true);
});

test("a bump makes a new version of the secret, and the key of the old one still works", async () => {
  await example.configure("keyVersion", "2");
  await example.up();
  const { account, keys } = await example.whatThereIs();
  expect(keys).toEqual([account.keys().secondary, account.keys().primary]);
  expect(keys.map((key) => account.accepts(key))).toEqual([true, true]);
});

test("destroy removes all of it", () => example.destroy());
