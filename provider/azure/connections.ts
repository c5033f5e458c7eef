import type { Azure } from "./connect";
import { AzureCli } from "./signIn/azureCli";
import {
  readConfiguration,
  type AzureConfiguration,
  type StackConfiguration,
} from "./configuration";
import type { HttpOptions } from "./http/client";
import type { DefaultSubscription } from "../rotation/validation";
import { memoize } from "./memoize";
import { signInFailure } from "./signIn/signInFailure";
import { signsInByAzureCli } from "./signIn/signInMethod";

/** What connections need from around them. */
export interface ConnectionDependencies {
  readonly environment: NodeJS.ProcessEnv;
  /**
   * @param namespace the one that the configuration was read from, for messages.
   * @param cli what the Azure CLI has said is kept there, for all connections.
   */
  readonly connect: (
    configuration: AzureConfiguration,
    namespace: string,
    cli: AzureCli,
  ) => Promise<Azure>;
}

/**
 * One connection to Azure for each namespace of a configuration, made when first needed and shared
 * from then on, so that a process signs in once. What was configured is part of a connection's
 * name: stacks that run in one process share none unless they configure the very same. A connection
 * that failed is forgotten: the next call tries anew.
 */
export class Connections {
  readonly #surroundings: ConnectionDependencies;
  readonly #made = new Map<string, Promise<Azure>>();
  readonly #cli = new AzureCli();
  #stack: StackConfiguration;

  constructor(surroundings: ConnectionDependencies, stack: StackConfiguration = () => undefined) {
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

  /**
   * The subscription of what names none: the configured one, else, where the Azure CLI signs in,
   * the CLI's own.
   */
  async subscription(
    namespace: string,
    configuration: AzureConfiguration,
  ): Promise<DefaultSubscription> {
    const { subscriptionId } = configuration;
    if (subscriptionId !== "" || !signsInByAzureCli(configuration)) return { subscriptionId };
    try {
      return await this.#cli.account("");
    } catch (error) {
      const signIn = { method: { kind: "AzureCli" }, configuration, namespace } as const;
      return { subscriptionId: "", whyNone: signInFailure(error, signIn).message };
    }
  }

  to(namespace: string, configuration = this.configuration(namespace)): Promise<Azure> {
    return memoize(this.#made, JSON.stringify([namespace, configuration]), () =>
      this.#surroundings.connect(configuration, namespace, this.#cli),
    );
  }
}

/** Connects for real. The HTTP stack loads with the first connection: few previews need one. */
export function connectWith(options: HttpOptions): ConnectionDependencies["connect"] {
  return async (configuration, namespace, cli) => {
    const { connect } = await import("./connect.js");
    return connect(configuration, namespace, cli, options);
  };
}
