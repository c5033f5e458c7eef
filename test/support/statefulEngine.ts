import type { Lifecycle, Properties } from "../../provider/lifecycle/lifecycle";
import { PartialUpdateError } from "../../provider/lifecycle/partialUpdateError";

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

/** What a user or a program can have the engine do beside an ordinary update. */
export interface UpOptions {
  /** Makes the resource anew: as a replacementTrigger does, or as `--replace` and taint do. */
  readonly replace?: "Trigger" | "Demand";
  /** Reads the resource first, in the same process (`--refresh`). */
  readonly refresh?: boolean;
  /** How often an onError hook has the engine try a failed step again. @default 0 */
  readonly retries?: number;
}

/**
 * The part of Pulumi's engine that a resource's safety depends on: which calls it makes, and what it
 * keeps in state after each outcome (engine 3.259.0, measured). It stands in for the real one where
 * a test walks through more histories than the real one could; test/engine runs the real one.
 */
export class StatefulEngine {
  state: ResourceState | undefined;
  /** What was created last, before what it replaces was deleted. */
  created: ResourceState | undefined;
  readonly #lifecycle: Lifecycle;
  readonly #urn: string;
  #commands = 0;

  constructor(lifecycle: Lifecycle, name = "keys") {
    this.#lifecycle = lifecycle;
    this.#urn = `urn:pulumi:dev::test::pulumi-nodejs:dynamic/azure-batch:BatchAccountKeyRotation::${name}`;
  }

  /** What the engine tells of the stack's state to who asks it. */
  rotationsInState(): { urn: string; outputs: Properties }[] {
    return this.state === undefined ? [] : [{ urn: this.#urn, outputs: this.state.outputs }];
  }

  async preview(args: Properties, { replace }: UpOptions = {}): Promise<Properties> {
    this.#commands += 1;
    const given = { ...args, previewing: true };
    const old = replace === "Demand" ? {} : (this.state?.inputs ?? {});
    const inputs = await this.#check(old, given);
    if (this.state === undefined || replace === "Demand") return inputs;
    const { replaces } =
      replace === "Trigger"
        ? { replaces: ["replacementTrigger"] }
        : await this.#lifecycle.diff(this.state.id, this.state.outputs, inputs);
    return replaces.length > 0 ? this.#check({}, given) : inputs;
  }

  async up(args: Properties, options: UpOptions = {}): Promise<Step> {
    this.#commands += 1;
    if (options.refresh === true) await this.refresh();
    const { state } = this;
    if (state === undefined) {
      await this.#create(await this.#check({}, args), options);
      return "created";
    }
    if (options.replace === "Demand") return this.#replace(state, args, options);
    const inputs = await this.#check(state.inputs, args);
    if (options.replace === "Trigger") return this.#replace(state, args, options);
    const { changes, replaces } = await this.#lifecycle.diff(state.id, state.outputs, inputs);
    if (replaces.length > 0) return this.#replace(state, args, options);
    if (!changes && !state.initErrors) {
      this.state = { ...state, inputs };
      return "same";
    }
    await this.#update(state, inputs, options);
    return "updated";
  }

  async #replace(state: ResourceState, args: Properties, options: UpOptions): Promise<Step> {
    await this.#create(await this.#check({}, args), options);
    await this.#lifecycle.delete(state.id, state.outputs);
    return "replaced";
  }

  async #retried({ retries = 0 }: UpOptions, step: () => Promise<void>): Promise<void> {
    for (let left = retries; left > 0; left--) {
      try {
        await step();
        return;
      } catch {
        // The hook has said: again.
      }
    }
    await step();
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
    const engine = { monitor: String(this.#commands), stack: "dev", urn: this.#urn };
    const { inputs, failures } = await this.#lifecycle.check(old, { ...args, engine });
    if (failures.length > 0) throw new CheckFailed(failures.map(({ property }) => property));
    return inputs;
  }

  #create(inputs: Properties, options: UpOptions): Promise<void> {
    return this.#retried(options, async () => {
      const { id, outs } = await this.#lifecycle.create(inputs);
      this.created = { id, inputs, outputs: { ...outs }, initErrors: false };
      this.state = this.created;
    });
  }

  async #update(state: ResourceState, inputs: Properties, options: UpOptions): Promise<void> {
    try {
      await this.#retried(options, async () => {
        const { outs } = await this.#lifecycle.update(state.id, state.outputs, inputs);
        this.state = { ...state, inputs, outputs: { ...outs }, initErrors: false };
      });
    } catch (error) {
      // What the last try came to: old inputs with new outputs.
      if (error instanceof PartialUpdateError) {
        this.state = { ...state, outputs: { ...error.properties }, initErrors: true };
      }
      throw error;
    }
  }
}
