import { parseArgs } from "node:util";
import type { Measurement } from "./measurement";

export interface Arguments {
  /** Small sizes and no documents. */
  readonly quick: boolean;
  readonly withAzureCli: boolean;
  readonly measurements: readonly Measurement[];
}

/** @throws an Error that says what is allowed. */
export function readArguments(
  args: readonly string[],
  measurements: readonly Measurement[],
): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      "with-azure-cli": { type: "boolean", default: false },
    },
  });
  const { quick, only } = values;
  const chosen = measurements.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    const names = measurements.map(({ name }) => name).join(", ");
    throw new Error(`--only takes one of ${names}`);
  }
  return { quick, withAzureCli: values["with-azure-cli"], measurements: chosen };
}
