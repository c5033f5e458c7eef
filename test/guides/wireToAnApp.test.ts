import type { SimulatedAccount } from "../../simulator";
import { guideStack, programsUnder } from "./guideStack";

/* What docs/guides/wire-to-an-app.md shows beyond the examples, under the engine. */

jest.setTimeout(120_000);

const GUIDE = "docs/guides/wire-to-an-app.md";
const KEY = "BATCH_ACCOUNT_KEY";

const stack = guideStack();

describe("a reference to Key Vault", () => {
  test("stays as it is at a bump, and leads to a new key that works", async () => {
    const { simulator } = stack.engine;
    const vault = simulator.createVault({ name: "vault", resourceGroupName: "my-group" });
    const account = stack.engine.newAccount("referred");
    await stack.program(programsUnder("A reference to Key Vault", GUIDE)[0]);
    await stack.configure({ accountId: account.id, vaultUri: vault.uri });
    await stack.up();
    const reference = stack.appSetting(KEY);
    const [, secretName = ""] =
      /^@Microsoft\.KeyVault\(SecretUri=https:.*\/secrets\/([^/]+)\)$/.exec(reference) ?? [];
    expect(vault.secretValue(secretName)).toBe(account.keys().primary);

    await stack.configure({ keyVersion: "2" });
    await stack.up();
    expect(stack.appSetting(KEY)).toBe(reference);
    const keys = vault.secretVersions(secretName).map(({ value }) => value);
    expect(keys).toEqual([account.keys().primary, account.keys().secondary]);
    expect(keys.map((key) => account.accepts(key))).toEqual([true, true]);
    const state = JSON.stringify(await stack.engine.workspace.stackExport({ showSecrets: true }));
    expect(keys.filter((key) => state.includes(key))).toEqual([]);
  });
});

describe("azure-native's keys", () => {
  const [read, rotated] = programsUnder("From azure-native's keys", GUIDE);
  let account: SimulatedAccount;
  let held: string;

  beforeAll(async () => {
    const { simulator } = stack.engine;
    const resourceGroupName = "my-group";
    account = simulator.account(simulator.createAccount({ name: "myaccount", resourceGroupName }));
    held = account.keys().primary;
    await stack.configure({ keyVersion: "1" });
    await stack.program(read);
    await stack.up();
    expect(stack.appSetting(KEY)).toBe(held);
  });

  test("are adopted by a rotation: the preview shows a change that does not come", async () => {
    await stack.program(rotated);
    expect(await stack.pulumi("preview")).toMatch(
      /~ +\S+:WebAppApplicationSettings settings update/,
    );
    const before = stack.azureNative.calls.length;
    await stack.up();
    expect(stack.azureNative.calls.slice(before)).toEqual([]);
    expect(stack.appSetting(KEY)).toBe(held);
    expect(account.regenerations).toEqual([]);
  });

  test("rotate with the next bump, and the app's old key goes on working", async () => {
    await stack.configure({ keyVersion: "2" });
    await stack.up();
    expect(account.regenerations).toMatchObject([{ keyName: "Secondary" }]);
    expect(stack.appSetting(KEY)).toBe(account.keys().secondary);
    expect([stack.appSetting(KEY), held].map((key) => account.accepts(key))).toEqual([true, true]);
  });

  test("read beside a rotation, are dead after an update that regenerates them, until the next", async () => {
    await stack.program(
      rotated
        ?.replace(
          "const rotation",
          'import { listBatchAccountKeysOutput } from "@pulumi/azure-native/batch";\nconst rotation',
        )
        .replace("rotation.currentKey", "listBatchAccountKeysOutput(account).primary"),
    );
    await stack.up();
    await stack.configure({ keyVersion: "3" });
    await stack.up();
    expect(account.regenerations.map(({ keyName }) => keyName)).toEqual(["Secondary", "Primary"]);
    expect(stack.appSetting(KEY)).toBe(held);
    expect(account.accepts(held)).toBe(false);
    await stack.up();
    expect(account.accepts(stack.appSetting(KEY))).toBe(true);
  });
});
