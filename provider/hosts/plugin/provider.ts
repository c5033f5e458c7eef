import { accountListing } from "../../azure/accountListing";
import type { BatchAccount } from "../../azure/arm/batchAccount";
import { Connections } from "../../azure/connections";
import { signsInByAzureCli } from "../../azure/signIn/signInMethod";
import type { Dependencies } from "../../lifecycle/dependencies";
import { createLifecycle, type Lifecycle, type Properties } from "../../lifecycle/lifecycle";
import type { CheckResult } from "../../rotation/check";
import { changedInputs, type DiffResult } from "../../rotation/diff";
import type { EngineReference } from "../../rotation/hiddenInputs";
import { previewOutputs } from "../../rotation/preview";
import type { RotationInputs } from "../../rotation/properties";
import { readOutputs } from "../../rotation/state";
import { during } from "./callContext";
import { argumentFailures, ClaimedAccounts } from "./checks";
import { configurationReader, PACKAGE } from "./configuration";
import { UnreadableState } from "./readRotations";

/** What the shim of the dynamic resource leaves in the state of one that has moved here. */
const TEXT_OF_DYNAMIC_RESOURCE = "__provider";

const LISTING = `${PACKAGE}:index:getBatchAccounts`;

/** What the plugin does for the engine, on plain properties. */
export class Provider {
  readonly #lifecycle: Lifecycle;
  readonly #connections: Connections;
  readonly #accounts = new ClaimedAccounts();
  readonly #version: string;

  /** @param version the plugin's, for messages. */
  constructor(dependencies: Omit<Dependencies, "onlyNamespace">, version: string) {
    const connect = connectOrHint(dependencies.connect);
    const own = { ...dependencies, connect, onlyNamespace: PACKAGE };
    this.#connections = new Connections(own);
    this.#lifecycle = createLifecycle(own, this.#connections);
    this.#version = version;
  }

  configure(configuration: Properties): void {
    this.#connections.configure(configurationReader(configuration));
  }

  async check(urn: string, old: Properties, given: Properties): Promise<CheckResult> {
    const failures = argumentFailures(given, this.#version);
    if (failures.length > 0) return { inputs: given, failures };
    const result = await during(urn, 0, () => this.#decide(urn, ofPlugin(old), given));
    if (result.failures.length > 0) return result;
    const claimed = this.#accounts.claim(result.inputs["accountId"], urn);
    return claimed === undefined ? result : { ...result, failures: [claimed] };
  }

  async #decide(urn: string, old: Properties, given: Properties): Promise<CheckResult> {
    const [, stack = ""] = /^urn:pulumi:([^:]+)::/.exec(urn) ?? [];
    // One update, one state: it is read once.
    const engine: EngineReference = { monitor: "", stack, urn };
    try {
      return await this.#lifecycle.check(old, { ...given, engine });
    } catch (error) {
      // Adopting regenerates nothing, whatever state has.
      if (!(error instanceof UnreadableState) || given["rotateOnCreate"] !== false) throw error;
      return this.#lifecycle.check(old, given);
    }
  }

  /** @returns also the names of the inputs that change. */
  async diff(
    id: string,
    done: Properties,
    wanted: Properties,
  ): Promise<DiffResult & { readonly changed: string[] }> {
    const result = await this.#lifecycle.diff(id, ofPlugin(done), wanted);
    if (result.replaces.length > 0) return { ...result, changed: result.replaces };
    const inputs = wanted as Properties & RotationInputs;
    return { ...result, changed: changedInputs(readOutputs(ofPlugin(done)), inputs) };
  }

  previewCreate(inputs: Properties): object {
    return previewOutputs(inputs as Properties & RotationInputs, undefined);
  }

  create(urn: string, inputs: Properties, timeout: number): Promise<{ id: string; outs: object }> {
    return during(urn, timeout, () => this.#lifecycle.create(inputs));
  }

  /** Reads what is in state, or, of an import and a get(), what is known by its id alone. */
  read(
    urn: string,
    id: string,
    properties: Properties,
    timeout: number,
  ): Promise<{ id: string; props: object; inputs?: object }> {
    return during(urn, timeout, () =>
      Object.keys(properties).length === 0
        ? this.#lifecycle.import(id)
        : this.#lifecycle.read(id, ofPlugin(properties)),
    );
  }

  previewUpdate(done: Properties, wanted: Properties): object {
    return previewOutputs(wanted as Properties & RotationInputs, readOutputs(ofPlugin(done)));
  }

  async update(
    urn: string,
    id: string,
    { done, wanted }: { readonly done: Properties; readonly wanted: Properties },
    timeout: number,
  ): Promise<object> {
    const update = () => this.#lifecycle.update(id, ofPlugin(done), wanted);
    return (await during(urn, timeout, update)).outs;
  }

  delete(urn: string, id: string, done: Properties, timeout: number): Promise<void> {
    return during(urn, timeout, () => this.#lifecycle.delete(id, ofPlugin(done)));
  }

  async invoke(token: string, args: Properties): Promise<object> {
    if (token !== LISTING) throw new Error(`the plugin ${PACKAGE} has no function ${token}`);
    const listing = accountListing(this.#connections, args);
    const subscriptionId = await listing.subscriptionId();
    const accounts: BatchAccount[] = [];
    for await (const account of listing.accounts) accounts.push(account);
    return { subscriptionId, accounts };
  }
}

/** Where nothing is configured, it may be because everything is, for azure-native. */
function connectOrHint(connect: Dependencies["connect"]): Dependencies["connect"] {
  return async (configuration, ...others) => {
    try {
      return await connect(configuration, ...others);
    } catch (error) {
      if (!(error instanceof Error && signsInByAzureCli(configuration))) throw error;
      throw new Error(
        `${error.message}. azure-native's configuration is not seen by this provider: what stands under azure-native: belongs under ${PACKAGE}:, too`,
        { cause: error },
      );
    }
  };
}

function ofPlugin(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => name !== TEXT_OF_DYNAMIC_RESOURCE),
  );
}
