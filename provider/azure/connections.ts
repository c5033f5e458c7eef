import type { Azure } from "./azure";
import {
  readConfiguration,
  type AzureConfiguration,
  type StackConfiguration,
} from "./configuration";
import type { HttpOptions } from "./http";

/** What connections need from around them. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** @param namespace the one that the configuration was read from, for messages. */
  readonly connect: (configuration: AzureConfiguration, namespace: string) => Promise<Azure>;
}

/**
 * One connection to Azure for each namespace of a configuration, made when first needed and shared
 * from then on, so that a process signs in once. What was configured is part of a connection's
 * name: stacks that run in one process share none unless they configure the very same. A connection
 * that failed is forgotten: the next call tries anew.
 */
export class Connections {
  readonly #surroundings: Surroundings;
  readonly #made = new Map<string, Promise<Azure>>();
  #stack: StackConfiguration;

  constructor(surroundings: Surroundings, stack: StackConfiguration = () => undefined) {
    this.#surroundings = surroundings;
    this.#stack = stack;
  }

  configure(stack: StackConfiguration): void {
    this.#stack = stack;
  }

  /** What is configured in a namespace now. */
  configuration(namespace: string): AzureConfiguration {
    return readConfiguration(this.#stack, namespace, this.#surroundings.environment);
  }

  to(namespace: string, configuration = this.configuration(namespace)): Promise<Azure> {
    const name = JSON.stringify([namespace, configuration]);
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = this.#surroundings.connect(configuration, namespace);
    this.#made.set(name, made);
    made.catch(() => this.#made.delete(name));
    return made;
  }
}

/** Connects for real. The HTTP stack loads with the first connection: few previews need one. */
export function connectWith(options: HttpOptions): Surroundings["connect"] {
  return async (configuration, namespace) => {
    const { connect } = await import("./azure.js");
    return connect(configuration, namespace, options);
  };
}
