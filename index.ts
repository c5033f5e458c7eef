export { BatchAccountKeyRotation } from "./provider/program/batchAccountKeyRotation";
export type { BatchAccountKeyRotationArgs } from "./provider/program/batchAccountKeyRotationArgs";
export {
  getBatchAccounts,
  getBatchAccountsOutput,
  streamBatchAccounts,
  type BatchAccount,
} from "./provider/program/getBatchAccounts";
export type {
  GetBatchAccountsArgs,
  GetBatchAccountsOutputArgs,
  GetBatchAccountsResult,
} from "./provider/program/getBatchAccountsTypes";
export type {
  KeyName,
  KeyToRotate,
  KeyVerification,
  Rotate,
  RotationReason,
  VerifyKey,
} from "./provider/rotation/properties";
