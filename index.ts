export {
  BatchAccountKeyRotation,
  type BatchAccountKeyRotationArgs,
} from "./provider/batchAccountKeyRotation";
export type { KeyName } from "./provider/azure/batchAccounts";
export type {
  KeyToRotate,
  KeyVerification,
  Rotate,
  RotationReason,
  VerifyKey,
} from "./provider/rotation/properties";
