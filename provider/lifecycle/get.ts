import type { Azure } from "../azure/connect";
import type { BatchAccountId } from "../rotation/batchAccountId";
import { getAccount, listKeys } from "../azure/arm/batchAccounts";
import { resolveArguments } from "../rotation/arguments";
import { decideFirst } from "../rotation/decision";
import { composeOutputs } from "../rotation/outputs";
import type { RotationArguments, RotationInputs } from "../rotation/properties";

/**
 * What get() gives names the account, and perhaps the namespace; reading decides nothing.
 * @throws Error that names a property which cannot be used.
 */
export function inputsOfGet(
  resourceId: string,
  given: Readonly<Record<string, unknown>>,
  now: Date,
): RotationInputs {
  const { arguments: resolved, failures } = resolveArguments(
    { ...given, accountId: resourceId, rotateOnCreate: false },
    { subscriptionId: "" },
  );
  const [failure] = failures;
  if (failure !== undefined) throw new Error(`${failure.property}: ${failure.reason}`);
  return { ...(resolved as RotationArguments), ...decideFirst(resolved as RotationArguments, now) };
}

/**
 * Reads the keys of an account that this resource does not rotate.
 * @throws AzureError
 */
export async function get(
  { resourceManager }: Azure,
  id: BatchAccountId,
  inputs: RotationInputs,
): Promise<Record<string, unknown>> {
  const keys = await listKeys(resourceManager, id);
  const { accountEndpoint } = await getAccount(resourceManager, id);
  const findings = { keys, accountEndpoint, rotatedAt: undefined };
  const outputs: Record<string, unknown> = {
    ...composeOutputs(inputs, { ...findings, keyVerification: "Skipped" }),
  };
  // Nothing was decided; a time that is new at each read would change all that depends on it.
  delete outputs["rotationDecidedAt"];
  return outputs;
}
