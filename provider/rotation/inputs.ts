import {
  ARGUMENT_NAMES,
  DECISION_NAMES,
  type RotationInputs,
  type RotationOutputs,
} from "./properties";

export const INPUT_NAMES: readonly (keyof RotationInputs)[] = [
  ...ARGUMENT_NAMES,
  ...DECISION_NAMES,
];

/** The inputs that finished outputs echo. */
export function inputsOf(outputs: RotationOutputs): RotationInputs {
  const entries = INPUT_NAMES.filter((name) => outputs[name] !== undefined).map((name) => [
    name,
    outputs[name],
  ]);
  return Object.fromEntries(entries) as RotationInputs;
}
