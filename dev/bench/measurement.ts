import type { PulumiInstallation } from "../pulumi-cli/installation";
import type { AzureCli } from "./azureCli";

/** Something of this package, measured beside what its users would otherwise run. */
export interface Measurement {
  /** For `--only`. */
  readonly name: string;
  /** @throws BrokenMeasurement, or whatever went wrong. */
  readonly run: (bench: Bench) => Promise<readonly Row[]>;
}

/** A line of the report, in words. */
export interface Row {
  readonly what: string;
  readonly against: string;
  readonly ours: string;
  readonly theirs: string;
  /** Ours beside theirs, with the spread. */
  readonly result: string;
  readonly goal: string;
  readonly verdict: Verdict;
}

export type Verdict = "met" | "missed" | "shown" | "not measured here";

/** What a measurement has to work with. */
export interface Bench {
  readonly pulumi: PulumiInstallation;
  /** Undefined where there is none. */
  readonly azureCli: AzureCli | undefined;
  /** A size or a number of rounds: for the true measurement, or for a quick try. */
  readonly choose: <Value>(full: Value, quick: Value) => Value;
  /** Tells what is going on; throws when the bench was interrupted. */
  readonly progress: (what: string) => void;
}
