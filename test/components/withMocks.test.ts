import * as pulumi from "@pulumi/pulumi";
import {
  BatchKeyVaultSecret,
  RotatedBatchAccount,
  SubscriptionKeyRotation,
} from "../../components";
import { BatchAccountKeyRotation } from "../../provider/program/batchAccountKeyRotation";
import { ACCOUNT_ID } from "../support/rotationInputs";

/*
 * What the components make of their arguments, with Pulumi's mocks in the engine's place: a quick
 * look at each child. The other files here run them under the real engine.
 */

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs: inputs as Registered["inputs"] });
        return {
          id: type.endsWith("BatchAccount") ? ACCOUNT_ID : name,
          state: stateOf(type, inputs as object),
        };
      },
      call: () => ({}),
    },
    "project",
    "stack",
  );
});

beforeEach(() => {
  registered.length = 0;
});

function stateOf(type: string, inputs: object): object {
  if (!type.endsWith(":BatchAccountKeyRotation")) return inputs;
  return {
    accountName: "account",
    resourceGroupName: "group",
    currentKey: "the current key",
    currentKeyName: "Secondary",
    rotationDecidedAt: "2026-01-01T00:00:00.000Z",
    nextRotationAt: "2026-04-01T00:00:00.000Z",
    ...inputs,
  };
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** The inputs of the one resource of a type, once it is registered. */
async function inputsOf(type: string): Promise<Registered> {
  for (;;) {
    const found = registered.filter((resource) => resource.type === type);
    if (found[0] !== undefined) return found[0];
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const ROTATION = "pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation";
const SECRET = "azure-native:keyvault:Secret";
const VAULT_URI = "https://my-vault.vault.azure.net/";

describe("RotatedBatchAccount", () => {
  test("makes the account, its rotation and the secret from its own name", async () => {
    const component = new RotatedBatchAccount("jobs", {
      account: { resourceGroupName: "group", accountName: "account", location: "westeurope" },
      rotation: { version: 3, rotateAfter: "P90D" },
      secret: { vaultName: "vault" },
    });
    expect(await valueOf(component.currentKey)).toBe("the current key");
    expect(await valueOf(component.currentKeyName)).toBe("Secondary");
    expect((await inputsOf("azure-native:batch:BatchAccount")).inputs).toMatchObject({
      accountName: "account",
      location: "westeurope",
    });
    expect(await inputsOf(ROTATION)).toMatchObject({
      name: "jobs-keys",
      inputs: { accountId: ACCOUNT_ID, version: 3, rotateAfter: "P90D" },
    });
    expect(await inputsOf(SECRET)).toMatchObject({ name: "jobs-key" });
    expect(await valueOf(component.rotation.urn)).toContain(
      "azure-batch-key-rotation:index:RotatedBatchAccount$pulumi-nodejs:dynamic",
    );
    expect(await valueOf(pulumi.output(component.secret?.secret.urn))).toContain(
      "azure-batch-key-rotation:index:BatchKeyVaultSecret$azure-native",
    );
  });

  test("makes no secret unless it is asked for", async () => {
    const component = new RotatedBatchAccount("plain", { account: { resourceGroupName: "group" } });
    await valueOf(component.currentKey);
    expect(component.secret).toBeUndefined();
    expect(registered.some(({ type }) => type === SECRET)).toBe(false);
  });
});

test("RotatedBatchAccount refuses two secrets before it makes anything", () => {
  const args = {
    account: { resourceGroupName: "group" },
    rotation: { keyVaultSecret: { vaultUri: VAULT_URI } },
    secret: { vaultName: "vault" },
  };
  expect(() => new RotatedBatchAccount("two", args)).toThrow(
    /^RotatedBatchAccount "two" takes secret or rotation.keyVaultSecret, not both: .*Remove secret/,
  );
  expect(registered.filter(({ type }) => type.startsWith("azure-native:"))).toEqual([]);
});

test.each([
  ["an object", { vaultUri: VAULT_URI, name: "shared" }],
  ["an object with outputs", { vaultUri: pulumi.output(VAULT_URI), name: pulumi.output("shared") }],
])("SubscriptionKeyRotation refuses one secret for many accounts: %s", (_, keyVaultSecret) => {
  const args = { rotation: { keyVaultSecret } };
  expect(() => new SubscriptionKeyRotation("many", args)).toThrow(
    /^SubscriptionKeyRotation "many" takes no name in keyVaultSecret: .*the account and "-key"/,
  );
});

describe("BatchKeyVaultSecret", () => {
  function rotation(name: string) {
    return new BatchAccountKeyRotation(name, { accountId: ACCOUNT_ID });
  }

  test("holds the current key, expires with the schedule and is tagged as Azure's tutorial does", async () => {
    new BatchKeyVaultSecret("secret", { rotation: rotation("keys"), vaultName: "vault" });
    const { inputs } = await inputsOf(SECRET);
    expect(inputs).toMatchObject({
      resourceGroupName: "group",
      vaultName: "vault",
      secretName: "account-key",
      properties: {
        contentType: "Azure Batch account key",
        attributes: { enabled: true, expires: Date.UTC(2026, 3, 1) / 1_000 },
      },
      tags: { CredentialId: "Secondary", ProviderAddress: ACCOUNT_ID, ValidityPeriodDays: "90" },
    });
    expect(JSON.stringify(inputs["properties"])).toContain("the current key");
  });

  test("refuses a rotation that writes its key to a secret itself", () => {
    const keyVaultSecret = { vaultUri: pulumi.output(VAULT_URI) };
    const itself = new BatchAccountKeyRotation("itself", { accountId: ACCOUNT_ID, keyVaultSecret });
    expect(() => new BatchKeyVaultSecret("second", { rotation: itself, vaultName: "v" })).toThrow(
      /^BatchKeyVaultSecret "second" has no key to keep: .*read the rotation's secretUri/,
    );
    expect(registered.some(({ type }) => type === SECRET)).toBe(false);
  });

  test("takes another name, and another resource group, of the vault", async () => {
    new BatchKeyVaultSecret("named", {
      rotation: rotation("named-keys"),
      vaultName: "vault",
      resourceGroupName: "vaults",
      secretName: "batch-primary",
    });
    expect((await inputsOf(SECRET)).inputs).toMatchObject({
      resourceGroupName: "vaults",
      secretName: "batch-primary",
    });
  });
});
