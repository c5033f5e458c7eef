export { BatchAccountKeyRotation } from "./provider/program/batchAccountKeyRotation";
export type {
  BatchAccountKeyRotationArgs,
  KeyVaultSecretArgs,
} from "./provider/program/batchAccountKeyRotationArgs";
export {
  type BatchAccount,
  getBatchAccounts,
  getBatchAccountsOutput,
  streamBatchAccounts,
} from "./provider/program/getBatchAccounts";
export type {
  GetBatchAccountsArgs,
  GetBatchAccountsOutputArgs,
  GetBatchAccountsResult,
} from "./provider/program/getBatchAccountsTypes";
export type {
  KeyName,
  KeyToRotate,
  KeyVaultSecret,
  KeyVerification,
  Rotate,
  RotationReason,
  VerifyKey,
} from "./provider/rotation/properties";
