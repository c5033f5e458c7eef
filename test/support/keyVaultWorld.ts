import { Connections } from "../../provider/azure/connections";
import type { KeyVaultSecret, SecretToWrite } from "../../provider/azure/keyVault/keyVault";
import {
  type Fault,
  type SimulatedVault,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../simulator";
import { type DependencyOptions, simulatedDependencies } from "./simulatedWorld";

/** To be seen nowhere but in the vault. No shape of a key's: nothing finds it who does not know it. */
export const VALUE = "to+be/seen+nowhere";

/** A key vault in a simulator of its own, and the client that asks it over HTTPS. */
export interface KeyVaultWorld {
  readonly simulator: Simulator;
  readonly vault: SimulatedVault;
  /** The vault's secret named "key". */
  readonly secret: KeyVaultSecret;
  /** What the user was told. */
  readonly told: string[];
  /** The same secret over a connection of its own. */
  open(vaultUri?: string): Promise<KeyVaultSecret>;
  /** Operations of the vault that an action causes, in order. */
  requestsOf(action: () => Promise<unknown>): Promise<string[]>;
}

export async function keyVaultWorld(
  options: SimulatorOptions & DependencyOptions = {},
): Promise<KeyVaultWorld> {
  const simulator = await startSimulator(options);
  const vault = simulator.createVault({ name: "Vault", resourceGroupName: "group" });
  const told: string[] = [];
  const dependencies = { log: (message: string) => told.push(message), ...options };
  const open = async (vaultUri = vault.uri) => {
    const connections = new Connections(simulatedDependencies(simulator, dependencies));
    const azure = await connections.to("azure-native");
    return azure.keyVaultSecret(vaultUri, "key");
  };
  return {
    simulator,
    vault,
    secret: await open(),
    told,
    open,
    async requestsOf(action) {
      const before = simulator.requests.length;
      await action();
      return simulator.requests
        .slice(before)
        .filter(({ vaultId }) => vaultId !== undefined)
        .map(({ operation }) => operation);
    },
  };
}

export function secretToWrite(changes: Partial<SecretToWrite> = {}): SecretToWrite {
  return {
    value: VALUE,
    contentType: "text/plain",
    tags: { CredentialId: "Primary" },
    expiresOn: undefined,
    ...changes,
  };
}

/** The message with which an action fails, which holds no value. */
export async function failureOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => new Error("no failure"),
    (failure: unknown) => failure as Error,
  );
  expect(String(error.stack) + JSON.stringify(error)).not.toContain(VALUE);
  return error.message;
}

/** A refusal in a key vault's form, instead of what it would do. */
export function refusal(
  status: number,
  code: string,
  message: string,
  innerCode?: string,
): Extract<Fault, { kind: "Body" }> {
  const innererror = innerCode === undefined ? {} : { innererror: { code: innerCode } };
  const body = JSON.stringify({ error: { code, message, ...innererror } });
  return { kind: "Body", status, body, when: "BeforeEffect" };
}
