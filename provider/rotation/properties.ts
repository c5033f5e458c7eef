// Made of provider/schema.json by "npm run schema": change it there.

/*
 * The plain values behind the resource's properties: what the lifecycle works on, and what stands
 * in state. provider/program has the types for users, with Input<> and documentation.
 */

/** A key as regenerateKeys names it. */
export type KeyName = "Primary" | "Secondary";

/** Which key each rotation regenerates. */
export type Rotate = "Alternate" | "Primary" | "Secondary" | "Both";

/** How a new key is tried on the Batch data plane. */
export type VerifyKey = "BestEffort" | "Required" | "None";

/** What trying the new key came to. */
export type KeyVerification = "Verified" | "Unreachable" | "Rejected" | "Skipped";

/** What one rotation regenerates; "None" when an account is adopted. */
export type KeyToRotate = "Primary" | "Secondary" | "Both" | "None";

/**
 * Why a rotation was decided. Some decide none: "Moved", where the account, or the resource, has
 * got another place, and what was decided before holds on; "Imported", which the first `pulumi up`
 * of a program makes "Adopted".
 */
export type RotationReason =
  "Created" | "Adopted" | "VersionChanged" | "Scheduled" | "Replaced" | "Moved" | "Imported";

/** A secret of a key vault. */
export interface KeyVaultSecret {
  /**
   * The vault's URI, as azure-native's `vault.properties.vaultUri` gives it, e.g.
   * `https://myvault.vault.azure.net/`. In the cloud of the account.
   */
  readonly vaultUri: string;
  /**
   * The secret's name: 1 to 127 letters, digits and hyphens.
   * @default the account's name followed by `-key`
   */
  readonly name?: string;
}

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
  readonly rotateAfter?: string;
  readonly minimumOverlap?: string;
  readonly revokePreviousAfter?: string;
  readonly keyVaultSecret?: KeyVaultSecret;
  readonly verifyKey: VerifyKey;
  readonly revokeOnDelete: boolean;
  readonly configNamespace: string;
}

/** What check decides and adds to the inputs, so that a preview shows it and a retry keeps it. */
export interface RotationDecision {
  readonly generation: number;
  readonly keyToRotate: KeyToRotate;
  readonly rotationReason: RotationReason;
  readonly rotationDecidedAt: string;
  readonly keyToRevoke?: KeyName;
}

/** The inputs as they stand in state. */
export type RotationInputs = RotationArguments & RotationDecision;

/** The outputs as they stand in state: every input that was carried out, and what came of it. */
export type RotationOutputs = RotationInputs & {
  readonly primaryKey?: string;
  readonly secondaryKey?: string;
  readonly currentKey?: string;
  readonly previousKey?: string;
  readonly currentKeyName: KeyName;
  readonly accountEndpoint: string;
  readonly rotatedAt?: string;
  readonly previousKeyRevokedAt?: string;
  readonly nextRotationAt?: string;
  readonly primaryKeyFingerprint: string;
  readonly secondaryKeyFingerprint: string;
  readonly secretUri?: string;
  readonly secretVersion?: string;
  readonly keyVerification: KeyVerification;
};

/** The values of the types above that are texts. */
export const VALUES = {
  KeyName: ["Primary", "Secondary"],
  Rotate: ["Alternate", "Primary", "Secondary", "Both"],
  VerifyKey: ["BestEffort", "Required", "None"],
  KeyVerification: ["Verified", "Unreachable", "Rejected", "Skipped"],
  KeyToRotate: ["Primary", "Secondary", "Both", "None"],
  RotationReason: [
    "Created",
    "Adopted",
    "VersionChanged",
    "Scheduled",
    "Replaced",
    "Moved",
    "Imported",
  ],
} as const;

/** What each argument takes, and what it is where it is not given. */
export const ARGUMENTS = {
  accountId: { type: "string" },
  subscriptionId: { type: "string" },
  resourceGroupName: { type: "string" },
  accountName: { type: "string" },
  version: { type: "number | string", default: 1 },
  rotate: { values: VALUES.Rotate, default: "Alternate" },
  liveKey: { values: VALUES.KeyName, default: "Primary" },
  rotateOnCreate: { type: "boolean", default: true },
  rotateAfter: { type: "string" },
  minimumOverlap: { type: "string" },
  revokePreviousAfter: { type: "string" },
  keyVaultSecret: { type: "KeyVaultSecret" },
  verifyKey: { values: VALUES.VerifyKey, default: "BestEffort" },
  revokeOnDelete: { type: "boolean", default: false },
  configNamespace: { type: "string", default: "azure-native" },
} as const;

export const ARGUMENT_NAMES = [
  "accountId",
  "subscriptionId",
  "resourceGroupName",
  "accountName",
  "version",
  "rotate",
  "liveKey",
  "rotateOnCreate",
  "rotateAfter",
  "minimumOverlap",
  "revokePreviousAfter",
  "keyVaultSecret",
  "verifyKey",
  "revokeOnDelete",
  "configNamespace",
] as const;

export const DECISION_NAMES = [
  "generation",
  "keyToRotate",
  "rotationReason",
  "rotationDecidedAt",
  "keyToRevoke",
] as const;

/** The outputs that are no arguments. */
export const OUTPUT_NAMES = [
  "primaryKey",
  "secondaryKey",
  "currentKey",
  "previousKey",
  "currentKeyName",
  "accountEndpoint",
  "generation",
  "keyToRotate",
  "rotationReason",
  "rotationDecidedAt",
  "keyToRevoke",
  "rotatedAt",
  "previousKeyRevokedAt",
  "nextRotationAt",
  "primaryKeyFingerprint",
  "secondaryKeyFingerprint",
  "secretUri",
  "secretVersion",
  "keyVerification",
] as const;

export const SECRET_OUTPUTS = ["primaryKey", "secondaryKey", "currentKey", "previousKey"] as const;
