export {
  BatchAccountKeyRotation,
  type BatchAccountKeyRotationArgs,
} from "./provider/batchAccountKeyRotation";
export {
  getBatchAccounts,
  getBatchAccountsOutput,
  streamBatchAccounts,
  type GetBatchAccountsOutputArgs,
  type GetBatchAccountsResult,
} from "./provider/getBatchAccounts";
export type { GetBatchAccountsArgs } from "./provider/accountListing";
export type { BatchAccount } from "./provider/azure/batchAccount";
export type { KeyName } from "./provider/azure/batchAccounts";
export type {
  KeyToRotate,
  KeyVerification,
  Rotate,
  RotationReason,
  VerifyKey,
} from "./provider/rotation/properties";
