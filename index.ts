export {
  BatchAccountKeyRotation,
  type BatchAccountKeyRotationArgs,
} from "./provider/program/batchAccountKeyRotation";
export {
  getBatchAccounts,
  getBatchAccountsOutput,
  streamBatchAccounts,
  type GetBatchAccountsOutputArgs,
  type GetBatchAccountsResult,
} from "./provider/program/getBatchAccounts";
export type { GetBatchAccountsArgs } from "./provider/program/accountListing";
export type { BatchAccount } from "./provider/azure/arm/batchAccount";
export type { KeyName } from "./provider/azure/arm/batchAccounts";
export type {
  KeyToRotate,
  KeyVerification,
  Rotate,
  RotationReason,
  VerifyKey,
} from "./provider/rotation/properties";
