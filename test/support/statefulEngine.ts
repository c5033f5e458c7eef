import type { Lifecycle, Properties } from "../../provider/lifecycle/lifecycle";
import { UnfinishedRotation } from "../../provider/lifecycle/unfinishedRotation";

/** A resource as Pulumi's state file keeps it. */
export interface ResourceState {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** The last update failed half-way: the engine updates next time whatever diff says. */
  readonly initErrors: boolean;
}

export class CheckFailed extends Error {
  constructor(readonly properties: readonly string[]) {
    super(`check failed on ${properties.join(", ")}`);
  }
}

export type Step = "same" | "created" | "updated" | "replaced";

/**
 * The part of Pulumi's engine that a resource's safety depends on: which calls it makes, and what it
 * keeps in state after each outcome (engine 3.259.0, measured). It stands in for the real one where
 * a test walks through more histories than the real one could; test/engine runs the real one.
 */
export class StatefulEngine {
  state: ResourceState | undefined;
  readonly #lifecycle: Lifecycle;

  constructor(lifecycle: Lifecycle) {
    this.#lifecycle = lifecycle;
  }

  async preview(args: Properties): Promise<Properties> {
    const inputs = await this.#check(this.state?.inputs ?? {}, args);
    if (this.state !== undefined) {
      await this.#lifecycle.diff(this.state.id, this.state.outputs, inputs);
    }
    return inputs;
  }

  async up(args: Properties): Promise<Step> {
    const { state } = this;
    const inputs = await this.#check(state?.inputs ?? {}, args);
    if (state === undefined) {
      await this.#create(inputs);
      return "created";
    }
    const { changes, replaces } = await this.#lifecycle.diff(state.id, state.outputs, inputs);
    if (replaces.length > 0) {
      await this.#create(await this.#check({}, args));
      await this.#lifecycle.delete(state.id, state.outputs);
      return "replaced";
    }
    if (!changes && !state.initErrors) {
      this.state = { ...state, inputs };
      return "same";
    }
    await this.#update(state, inputs);
    return "updated";
  }

  async refresh(): Promise<void> {
    const { state } = this;
    if (state === undefined) return;
    const { id, props, inputs } = await this.#lifecycle.read(state.id, state.outputs);
    this.state =
      id === ""
        ? undefined
        : {
            id,
            inputs: (inputs as Properties | undefined) ?? state.inputs,
            outputs: props as Properties,
            initErrors: false,
          };
  }

  async destroy(): Promise<void> {
    if (this.state === undefined) return;
    await this.#lifecycle.delete(this.state.id, this.state.outputs);
    this.state = undefined;
  }

  async #check(old: Properties, args: Properties): Promise<Properties> {
    const given = { ...args, __provider: "the shim" };
    const { inputs, failures } = await this.#lifecycle.check(old, given);
    if (failures.length > 0) throw new CheckFailed(failures.map(({ property }) => property));
    return { ...inputs, __provider: "the shim" };
  }

  async #create(inputs: Properties): Promise<void> {
    const { id, outs } = await this.#lifecycle.create(inputs);
    this.state = { id, inputs, outputs: { ...outs }, initErrors: false };
  }

  async #update(state: ResourceState, inputs: Properties): Promise<void> {
    try {
      const { outs } = await this.#lifecycle.update(state.id, state.outputs, inputs);
      this.state = { ...state, inputs, outputs: { ...outs }, initErrors: false };
    } catch (error) {
      if (error instanceof UnfinishedRotation) {
        // Old inputs with new outputs.
        this.state = { ...state, outputs: { ...error.properties }, initErrors: true };
      }
      throw error;
    }
  }
}
