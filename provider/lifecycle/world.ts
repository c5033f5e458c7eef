import type { Surroundings } from "../azure/connections";
import type { ReadRotations } from "./predecessors";

/** What the lifecycle needs from around it: a test brings its own. */
export interface World extends Surroundings {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Tells the user something on the way; it goes into the log of the update. */
  readonly tell: (message: string) => void;
  /** Reads the rotations in the stack's state. */
  readonly rotationsInState: ReadRotations;
}
