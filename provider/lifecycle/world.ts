import type { HttpOptions } from "../azure/http";

/** What the lifecycle needs from around it: a test brings its own. */
export interface World {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly environment: NodeJS.ProcessEnv;
  /** Tells the user something on the way; it goes into the log of the update. */
  readonly tell: (message: string) => void;
  readonly http: HttpOptions;
}
