import type { StackConfiguration } from "../azure/configuration";
import type { Azure } from "../azure/connect";
import type { ConnectionDependencies } from "../azure/connections";
import type { KeyVaultSecret } from "../azure/keyVault/keyVault";
import type { BatchAccountId } from "../rotation/batchAccountId";
import type { ReadRotations } from "./predecessors";
import type { Progress } from "./progress";

/** What the lifecycle needs from around it: a test brings its own. */
export interface Dependencies extends ConnectionDependencies {
  readonly now: () => Date;
  /** @returns false, at once, where the call is to end: the engine wants it to wait no longer. */
  readonly sleep: (milliseconds: number) => Promise<boolean>;
  /** Tells the user something on the way; it goes into the log of the update. */
  readonly log: (message: string) => void;
  /** Reads the stack's configuration until the engine has handed it over. @default it is empty */
  readonly unconfigured?: StackConfiguration;
  /** Reads the rotations in the stack's state. */
  readonly rotationsInState: ReadRotations;
}

/** What a call that changes an account works with. */
export interface AccountCall {
  readonly azure: Azure;
  readonly id: BatchAccountId;
  /** Where the current key goes; undefined where the keys stay in state. */
  readonly secret: KeyVaultSecret | undefined;
  /** Where it went before, if elsewhere: applications may read that still. */
  readonly formerSecret?: KeyVaultSecret | undefined;
  /** The account's ARM id, and those that it had before it was moved. */
  readonly accountIds: readonly string[];
  /** What this process has done before for the same decision. */
  readonly progress: Progress;
  readonly dependencies: Dependencies;
}
