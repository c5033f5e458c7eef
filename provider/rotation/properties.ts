import type { KeyName } from "../azure/arm/batchAccounts";

/*
 * The plain values behind the resource's properties: what the lifecycle works on, and what stands
 * in state. The public types, with Input<> and documentation for users, are the resource's own.
 */

/** Which key each rotation regenerates. */
export type Rotate = "Alternate" | "Primary" | "Secondary" | "Both";

/** How a new key is tried on the Batch data plane. */
export type VerifyKey = "BestEffort" | "Required" | "None";

/** What trying the new key came to. */
export type KeyVerification = "Verified" | "Unreachable" | "Rejected" | "Skipped";

/** What one rotation regenerates; "None" when an account is adopted. */
export type KeyToRotate = KeyName | "Both" | "None";

/**
 * Why a rotation was decided. "Moved" is none: the account, or the resource, has got another place,
 * and what was decided before holds on.
 */
export type RotationReason =
  "Created" | "Adopted" | "VersionChanged" | "Scheduled" | "Replaced" | "Moved";

/** The arguments, resolved: every default filled in, the account named in full. */
export interface RotationArguments {
  readonly accountId: string;
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly accountName: string;
  readonly version: number | string;
  readonly rotate: Rotate;
  readonly liveKey: KeyName;
  readonly rotateOnCreate: boolean;
  /** ISO 8601 duration. */
  readonly rotateAfter?: string;
  /** ISO 8601 duration. */
  readonly minimumOverlap?: string;
  readonly verifyKey: VerifyKey;
  readonly revokeOnDelete: boolean;
  readonly configNamespace: string;
}

/** What check decides and adds to the inputs, so that a preview shows it and a retry keeps it. */
export interface RotationDecision {
  /** Rotations decided so far; 0 when adopted. */
  readonly generation: number;
  readonly keyToRotate: KeyToRotate;
  readonly rotationReason: RotationReason;
  /** UTC, ISO 8601. */
  readonly rotationDecidedAt: string;
}

/** The inputs as they stand in state. */
export type RotationInputs = RotationArguments & RotationDecision;

/** The outputs as they stand in state: every input that was carried out, and what came of it. */
export type RotationOutputs = RotationInputs & {
  readonly primaryKey: string;
  readonly secondaryKey: string;
  readonly currentKey: string;
  readonly previousKey: string;
  readonly currentKeyName: KeyName;
  readonly accountEndpoint: string;
  /** UTC, ISO 8601; absent while nothing was rotated. */
  readonly rotatedAt?: string;
  /** UTC, ISO 8601; absent without a schedule. */
  readonly nextRotationAt?: string;
  readonly primaryKeyFingerprint: string;
  readonly secondaryKeyFingerprint: string;
  readonly keyVerification: KeyVerification;
};
