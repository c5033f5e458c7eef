export { BatchKeyVaultSecret, type BatchKeyVaultSecretArgs } from "./batchKeyVaultSecret";
export { RotatedBatchAccount, type RotatedBatchAccountArgs } from "./rotatedBatchAccount";
export type { RotationSettings } from "./rotationSettings";
export {
  type AccountRotation,
  type SkippedAccount,
  SubscriptionKeyRotation,
  type SubscriptionKeyRotationArgs,
} from "./subscriptionKeyRotation";
