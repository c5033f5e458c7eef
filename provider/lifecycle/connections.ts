import type { Azure } from "../azure/azure";
import { readConfiguration, type StackConfiguration } from "../azure/configuration";
import type { World } from "./world";

/**
 * One connection to Azure for each configuration namespace, made when first needed and shared from
 * then on, so that a process signs in once. A connection that failed is forgotten: the next
 * resource tries anew.
 */
export class Connections {
  #stack: StackConfiguration = () => undefined;
  readonly #world: World;
  readonly #byNamespace = new Map<string, Promise<Azure>>();

  constructor(world: World) {
    this.#world = world;
  }

  configure(stack: StackConfiguration): void {
    this.#stack = stack;
    this.#byNamespace.clear();
  }

  /** The subscription that a namespace's configuration names, or "". */
  subscriptionId(namespace: string): string {
    return readConfiguration(this.#stack, namespace, this.#world.environment).subscriptionId;
  }

  to(namespace: string): Promise<Azure> {
    const known = this.#byNamespace.get(namespace);
    if (known !== undefined) return known;
    const configuration = readConfiguration(this.#stack, namespace, this.#world.environment);
    const made = this.#world.connect(configuration, namespace);
    this.#byNamespace.set(namespace, made);
    made.catch(() => this.#byNamespace.delete(namespace));
    return made;
  }
}
