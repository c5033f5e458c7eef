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

/** The inputs that outputs echo, with the provider's text, for outputs that go on from them. */
export function carriedOver(outputs: RotationOutputs): RotationInputs {
  const { __provider } = outputs as { readonly __provider?: unknown };
  return Object.assign(inputsOf(outputs), __provider === undefined ? {} : { __provider });
}

/** The inputs that finished outputs echo. */
export function inputsOf(outputs: RotationOutputs): RotationInputs {
  const entries = INPUT_NAMES.filter((name) => outputs[name] !== undefined).map((name) => [
    name,
    outputs[name],
  ]);
  return Object.fromEntries(entries) as RotationInputs;
}
