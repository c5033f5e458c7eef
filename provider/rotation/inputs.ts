import type { RotationInputs, RotationOutputs } from "./properties";

/** Every input's name; the compiler holds the list against the type. */
const INPUTS: Readonly<Record<keyof RotationInputs, true>> = {
  accountId: true,
  subscriptionId: true,
  resourceGroupName: true,
  accountName: true,
  version: true,
  rotate: true,
  liveKey: true,
  rotateOnCreate: true,
  rotateAfter: true,
  minimumOverlap: true,
  verifyKey: true,
  revokeOnDelete: true,
  configNamespace: true,
  generation: true,
  keyToRotate: true,
  rotationReason: true,
  rotationDecidedAt: true,
};

export const INPUT_NAMES = Object.keys(INPUTS) as readonly (keyof RotationInputs)[];

/** The inputs that finished outputs echo. */
export function inputsOf(outputs: RotationOutputs): RotationInputs {
  const entries = INPUT_NAMES.filter((name) => outputs[name] !== undefined).map((name) => [
    name,
    outputs[name],
  ]);
  return Object.fromEntries(entries) as RotationInputs;
}
