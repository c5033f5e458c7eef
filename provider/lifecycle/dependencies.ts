import type { ConnectionDependencies } from "../azure/connections";
import type { ReadRotations } from "./predecessors";

/** What the lifecycle needs from around it: a test brings its own. */
export interface Dependencies extends ConnectionDependencies {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Tells the user something on the way; it goes into the log of the update. */
  readonly log: (message: string) => void;
  /** Reads the rotations in the stack's state. */
  readonly rotationsInState: ReadRotations;
}
