import { composeOutputs, keysRead } from "../../provider/rotation/outputs";
import type { RotationInputs, RotationOutputs } from "../../provider/rotation/properties";

export const SUBSCRIPTION_ID = "12345678-1234-1234-1234-123456789012";
export const ACCOUNT_ID = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/group/providers/Microsoft.Batch/batchAccounts/account`;
export const DECIDED_AT = "2026-01-01T00:00:00.000Z";

/** Inputs as check leaves them after a first rotation. */
export function rotationInputs(changes: Partial<RotationInputs> = {}): RotationInputs {
  return {
    accountId: ACCOUNT_ID,
    subscriptionId: SUBSCRIPTION_ID,
    resourceGroupName: "group",
    accountName: "account",
    version: 1,
    rotate: "Alternate",
    liveKey: "Primary",
    rotateOnCreate: true,
    verifyKey: "BestEffort",
    revokeOnDelete: false,
    configNamespace: "azure-native",
    generation: 1,
    keyToRotate: "Secondary",
    rotationReason: "Created",
    rotationDecidedAt: DECIDED_AT,
    ...changes,
  };
}

/** The outputs of a rotation whose keys stay in state. */
export type OutputsWithKeys = RotationOutputs &
  Required<Pick<RotationOutputs, "primaryKey" | "secondaryKey" | "currentKey" | "previousKey">>;

/** The outputs that a finished update leaves for the inputs. */
export function finishedOutputs(changes: Partial<RotationInputs> = {}): OutputsWithKeys {
  const outputs = composeOutputs(rotationInputs(changes), {
    ...keysRead({ Primary: "primary key", Secondary: "secondary key" }),
    accountEndpoint: "account.westeurope.batch.azure.com",
    keyVerification: "Verified",
    rotatedAt: DECIDED_AT,
  });
  return outputs as OutputsWithKeys;
}
