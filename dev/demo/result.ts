import type { BudgetUse } from "./budget";

/** How the demo went, in numbers. */
export interface DemoResult {
  /** Keys that Pulumi had regenerated. */
  readonly rotations: number;
  readonly budgetUse: BudgetUse;
  /** Requests that Resource Manager refused because the budget was spent. */
  readonly throttled: number;
  /** Sign-ins with the current key: the application's, and one more after each step. */
  readonly signIns: number;
  /** How many of them did not succeed. */
  readonly failedSignIns: number;
  /** What went wrong, in sentences; none if all is well. */
  readonly problems: readonly string[];
  readonly seconds: number;
}
