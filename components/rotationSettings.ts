import type { BatchAccountKeyRotationArgs } from "../provider/batchAccountKeyRotation";

/** The properties of a rotation that name its account; a component gives them itself. */
type AccountProperty = "accountId" | "subscriptionId" | "resourceGroupName" | "accountName";

/** When and how to rotate: a rotation's arguments without those that name the account. */
export type RotationSettings = Omit<BatchAccountKeyRotationArgs, AccountProperty>;
