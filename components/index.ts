export { BatchKeyVaultSecret, type BatchKeyVaultSecretArgs } from "./batchKeyVaultSecret";
export { RotatedBatchAccount, type RotatedBatchAccountArgs } from "./rotatedBatchAccount";
export type { RotationSettings } from "./rotationSettings";
export {
  SubscriptionKeyRotation,
  type AccountRotation,
  type SkippedAccount,
  type SubscriptionKeyRotationArgs,
} from "./subscriptionKeyRotation";
