import type { BatchAccountKeyRotationArgs } from "../provider/program/batchAccountKeyRotationArgs";

/** The properties of a rotation that name its account; a component gives them itself. */
type AccountProperty = "accountId" | "subscriptionId" | "resourceGroupName" | "accountName";

/** When and how to rotate: a rotation's arguments without those that name the account. */
export type RotationSettings = Omit<BatchAccountKeyRotationArgs, AccountProperty>;

/**
 * Settings for accounts that a list names: what it leaves out and names again is adopted, as if it
 * were new. To rotate it then would regenerate a key that applications hold.
 */
export function adopting(settings: RotationSettings): RotationSettings {
  return { ...settings, rotateOnCreate: settings.rotateOnCreate ?? false };
}
