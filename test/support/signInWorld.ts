import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManagedIdentityCredential } from "@azure/identity";
import type { Setting } from "../../provider/azure/configuration";
import { property } from "../../provider/azure/json";
import type { Lifecycle } from "../../provider/lifecycle/lifecycle";
import type { SimulatedAccount, Simulator } from "../../simulator";
import { expectDocumented } from "./documentedErrors";
import { restoreProcessEnvironment, setProcessEnvironment } from "./processEnvironment";
import { type SimulatedWorld, simulatedWorld } from "./simulatedWorld";
import { type StandInAz, standInAz } from "./standInAz";
import { StatefulEngine } from "./statefulEngine";

export type Settings = Partial<Record<Setting, string>>;

/** One account, a process of its own, and a stack that configures what a test tells it to. */
export interface SignInWorld {
  readonly simulator: Simulator;
  /** The service principal without anything that proves who it is. */
  readonly principal: { readonly tenantId: string; readonly clientId: string };
  readonly newProcess: () => Lifecycle;
  readonly accountId: string;
  readonly account: SimulatedAccount;
  readonly engine: StatefulEngine;
  /** The only program on PATH. */
  readonly az: StandInAz;
  /** What no message may hold, beside the simulator's client secret and the account's keys. */
  readonly secrets: string[];
  /** What the stack configures from now on; the cloud is the simulator's metadata host's. */
  configure(settings: Settings): Promise<void>;
  /** Writes a file and returns its path. */
  file(name: string, content: string | Buffer): string;
  /** Rotates under the settings; the number of keys that were regenerated. */
  rotate(settings: Settings, args?: object): Promise<number>;
  /**
   * The message with which creating the rotation fails.
   * @param documentedAs the row of docs/errors.md that gives the same advice.
   */
  failure(settings: Settings, documentedAs?: string): Promise<string>;
  close(): void;
}

/**
 * A world for each test of a file. The simulator is one for all of them: Microsoft's client keeps
 * where managed identities are.
 */
export function inSignInWorld(): SignInWorld {
  const here = {} as SignInWorld;
  let world: SimulatedWorld;
  beforeAll(async () => {
    world = await signInSimulator();
    Object.assign(here, { simulator: world.simulator });
  });
  afterAll(() => here.simulator.close());
  beforeEach(() => Object.assign(here, signInWorld(world)));
  afterEach(() => {
    here.close();
  });
  return here;
}

function signInSimulator(): Promise<SimulatedWorld> {
  return simulatedWorld({
    environment: {
      ARM_TENANT_ID: "",
      ARM_CLIENT_ID: "",
      ARM_CLIENT_SECRET: "",
      ARM_SUBSCRIPTION_ID: "",
    },
  });
}

function signInWorld({ simulator, newProcess, told }: SimulatedWorld): SignInWorld {
  const name = `a${randomBytes(8).toString("hex")}`;
  const accountId = simulator.createAccount({ name, resourceGroupName: "group" });
  const account = simulator.account(accountId);
  const lifecycle = newProcess();
  const engine = new StatefulEngine(lifecycle);
  const az = standInAz(simulator);
  const folder = mkdtempSync(join(tmpdir(), "sign-in-"));
  const secrets = [simulator.clientSecret];
  setProcessEnvironment({ PATH: az.path });

  async function configure(settings: Settings): Promise<void> {
    const stack = new Map(Object.entries(settings));
    const get = (key: string) => stack.get(key.replace("azure-native:", ""));
    await lifecycle.configure({ config: { get } });
  }

  const { tenantId, clientId } = simulator;

  return {
    simulator,
    principal: { tenantId, clientId },
    newProcess,
    accountId,
    account,
    engine,
    az,
    secrets,
    configure,
    file(fileName, content) {
      const path = join(folder, fileName);
      writeFileSync(path, content);
      return path;
    },
    async rotate(settings, args = {}) {
      await configure(settings);
      await engine.up({ accountId, ...args });
      return account.regenerations.length;
    },
    async failure(settings, documentedAs) {
      await configure(settings);
      const failure = await engine.up({ accountId }).then(
        () => "no failure",
        (error: unknown) => (error as Error).message,
      );
      const { primary, secondary } = account.keys();
      expect(account.regenerations).toEqual([]);
      expect(engine.state).toBeUndefined();
      for (const secret of [...secrets, primary, secondary]) {
        expect(failure + told.join()).not.toContain(secret);
      }
      if (documentedAs !== undefined) expectDocumented(documentedAs, failure);
      return failure;
    },
    close() {
      restoreProcessEnvironment();
      az.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * A machine with such an environment. Microsoft's client keeps where managed identities are for as
 * long as the process lives: it forgets that here. By another name than Entra ID's, the simulator is
 * another host to it.
 */
export function onMachine(environment: NodeJS.ProcessEnv): void {
  const application = property(new ManagedIdentityCredential(), "managedIdentityApp");
  const client = property(application, "managedIdentityClient") as object;
  Reflect.set(client.constructor, "identitySource", undefined);
  Reflect.set(client.constructor, "sourceName", undefined);
  const endpoint = environment["IDENTITY_ENDPOINT"]?.replace("localhost", "127.0.0.1");
  setProcessEnvironment({ ...environment, IDENTITY_ENDPOINT: endpoint });
}

/** What the webhook of Azure's workload identity gives to a pod's processes. */
export function workloadIdentity(
  tokenFile: string,
  { tenantId, clientId }: Pick<Simulator, "tenantId" | "clientId">,
): NodeJS.ProcessEnv {
  return {
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
  };
}
