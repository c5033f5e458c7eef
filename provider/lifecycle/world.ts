import type { Azure } from "../azure/azure";
import type { AzureConfiguration } from "../azure/configuration";

/** What the lifecycle needs from around it: a test brings its own. */
export interface World {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly environment: NodeJS.ProcessEnv;
  /** Tells the user something on the way; it goes into the log of the update. */
  readonly tell: (message: string) => void;
  /** @param namespace the one that the configuration was read from, for messages. */
  readonly connect: (configuration: AzureConfiguration, namespace: string) => Promise<Azure>;
}
