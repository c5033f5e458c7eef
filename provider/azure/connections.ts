import type { DefaultSubscription } from "../rotation/validation";
import {
  type AzureConfiguration,
  readConfiguration,
  type StackConfiguration,
} from "./configuration";
import type * as Connect from "./connect";
import type { Azure } from "./connect";
import type { HttpOptions } from "./http/client";
import { memoize } from "./memoize";
import { AzureCli } from "./signIn/azureCli";
import { signInFailure } from "./signIn/signInFailure";
import { signsInByAzureCli } from "./signIn/signInMethod";

/** What connections need from around them. */
export interface ConnectionDependencies {
  readonly environment: NodeJS.ProcessEnv;
  /**
   * The namespace that stands for all that arguments name, where a host has no other configuration
   * than its own. @default none: each stands for itself
   */
  readonly onlyNamespace?: string;
  /**
   * @param namespace the one that the configuration was read from, for messages.
   * @param cli the Azure CLI of all connections: what it has said is kept there.
   */
  readonly connect: (
    configuration: AzureConfiguration,
    namespace: string,
    cli: AzureCli,
  ) => Promise<Azure>;
}

/**
 * One connection to Azure for each namespace of a configuration, made when it is first needed and
 * kept, so that a process signs in once. A connection that failed is forgotten: the next call tries
 * again.
 */
export class Connections {
  readonly #dependencies: ConnectionDependencies;
  readonly #made = new Map<string, Promise<Azure>>();
  readonly #cli = new AzureCli();
  #stack: StackConfiguration;

  constructor(dependencies: ConnectionDependencies, stack: StackConfiguration = () => undefined) {
    this.#dependencies = dependencies;
    this.#stack = stack;
  }

  /** Takes another configuration, and forgets the connections that were made with the last one. */
  configure(stack: StackConfiguration): void {
    this.#stack = stack;
    this.#made.clear();
  }

  /** The namespace of the stack's configuration that is read where arguments name this one. */
  namespace(named: string): string {
    return this.#dependencies.onlyNamespace ?? named;
  }

  configuration(named: string): AzureConfiguration {
    const { environment } = this.#dependencies;
    return readConfiguration(this.#stack, this.namespace(named), environment);
  }

  /**
   * The subscription for arguments that name none: the configured one, else, where the Azure CLI
   * signs in, the CLI's own.
   */
  async subscription(named: string): Promise<DefaultSubscription> {
    const namespace = this.namespace(named);
    const configuration = this.configuration(named);
    const { subscriptionId } = configuration;
    if (subscriptionId !== "" || !signsInByAzureCli(configuration)) {
      return { subscriptionId, namespace };
    }
    try {
      return { ...(await this.#cli.account("")), namespace };
    } catch (error) {
      const signIn = { method: { kind: "AzureCli" }, configuration, namespace } as const;
      return { subscriptionId: "", namespace, whyNone: signInFailure(error, signIn).message };
    }
  }

  to(named: string): Promise<Azure> {
    const namespace = this.namespace(named);
    return memoize(this.#made, namespace, async () =>
      this.#dependencies.connect(this.configuration(named), namespace, this.#cli),
    );
  }
}

/** Connects for real. The HTTP stack loads with the first connection: few previews need one. */
export function connectWith(options: HttpOptions): ConnectionDependencies["connect"] {
  return (configuration, namespace, cli) => {
    const { connect } = require("./connect") as typeof Connect;
    return connect(configuration, namespace, cli, options);
  };
}
