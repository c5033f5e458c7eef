import type { CommandResult } from "../../dev/workspace/command";
import type { SimulatedAccount, SimulatedVault } from "../../simulator";
import { type AzureNative, startAzureNative } from "../azureNativeStandIn/startAzureNative";
import type { EngineFixture } from "../support/engineFixture";
import { outputsOf, startExample } from "./exampleStack";

/** An example that makes an account, a vault and a secret in it, for the tests of a file. */
export function vaultExample(name: string): VaultExample {
  const example = new VaultExample();
  beforeAll(() => example.start(name));
  afterAll(() => example.stop());
  return example;
}

class VaultExample {
  engine!: EngineFixture;
  #azureNative!: AzureNative;

  async start(name: string): Promise<void> {
    this.engine = await startExample(name);
    this.#azureNative = await startAzureNative(this.engine.simulator);
    await this.configure("azure-native:location", "westeurope");
  }

  async stop(): Promise<void> {
    this.#azureNative.stop();
    await this.engine.stop();
  }

  configure(key: string, value: string): Promise<void> {
    return this.engine.workspace.setConfig(key, value);
  }

  preview(): Promise<CommandResult> {
    return this.engine.keep(this.engine.workspace.preview({ env: this.#azureNative.environment }));
  }

  up(): Promise<CommandResult> {
    const { environment: env } = this.#azureNative;
    return this.engine.keep(this.engine.workspace.up({ skipPreview: true, env }));
  }

  /** Destroys the stack; nothing of what it had made is there after it. */
  async destroy(): Promise<void> {
    const { account, vault } = await this.whatThereIs();
    await this.engine.workspace.destroy({ env: this.#azureNative.environment });
    expect(account.exists).toBe(false);
    expect(() => this.engine.simulator.vault(vault.name)).toThrow(/no key vault/);
  }

  /** The account and the versions of its key in the vault, found from what the stack gives out. */
  async whatThereIs(): Promise<{
    account: SimulatedAccount;
    vault: SimulatedVault;
    keys: string[];
  }> {
    const { accountId = "", secretUri = "" } = await outputsOf(this.engine);
    const { deployment } = await this.engine.workspace.stackExport();
    const made = deployment.resources?.find(({ type }) => type === "azure-native:keyvault:Vault");
    const vault = this.engine.simulator.vault(String(made?.outputs?.["name"]));
    const [, secretName = ""] = secretUri.split(`${vault.uri}secrets/`);
    const account = this.engine.simulator.account(accountId);
    return { account, vault, keys: vault.secretVersions(secretName).map(({ value }) => value) };
  }
}
