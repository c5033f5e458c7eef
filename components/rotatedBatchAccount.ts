import type { BatchAccount, BatchAccountArgs } from "@pulumi/azure-native/batch";
import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "../provider/program/batchAccountKeyRotation";
import { programError } from "../provider/program/programError";
import { strictSharedKeyRefusal } from "../provider/rotation/sharedKeyRule";
import { azureNativeBatch } from "./azureNative";
import { BatchKeyVaultSecret, type BatchKeyVaultSecretArgs } from "./batchKeyVaultSecret";
import type { RotationSettings } from "./rotationSettings";

export interface RotatedBatchAccountArgs {
  /** Every argument of azure-native's `batch.BatchAccount`. */
  readonly account: BatchAccountArgs;
  /**
   * When and how to rotate: a rotation's arguments without those that name the account.
   * @default a rotation's own defaults: the first update rotates, each change of `version` after it
   */
  readonly rotation?: RotationSettings;
  /**
   * Where to keep the current key: the arguments of BatchKeyVaultSecret without `rotation`. Not
   * together with the rotation's `keyVaultSecret`.
   * @default nowhere: it is an output only
   */
  readonly secret?: Omit<BatchKeyVaultSecretArgs, "rotation">;
}

/** A Batch account, the rotation of its keys and, if asked for, a Key Vault secret that follows it. */
export class RotatedBatchAccount extends pulumi.ComponentResource {
  /** The azure-native account. */
  readonly account: BatchAccount;
  /** The rotation of its keys. */
  readonly rotation: BatchAccountKeyRotation;
  /** The component with the secret; undefined if `secret` did not ask for it. */
  readonly secret: BatchKeyVaultSecret | undefined;
  /** The account's ARM id. */
  readonly accountId: pulumi.Output<string>;
  /** Host of the account's data plane. */
  readonly accountEndpoint: pulumi.Output<string>;
  /** The key to use. A secret. Absent with the rotation's `keyVaultSecret`. */
  readonly currentKey: pulumi.Output<string>;
  /** Which of the account's two keys it is. */
  readonly currentKeyName: pulumi.Output<"Primary" | "Secondary">;

  constructor(name: string, args: RotatedBatchAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    const { BatchAccount } = azureNativeBatch(`RotatedBatchAccount "${name}"`);
    super("azure-batch-key-rotation:index:RotatedBatchAccount", name, {}, opts);
    refuseTwoSecrets(name, args);
    const child = { parent: this };
    this.account = new BatchAccount(name, allowingSharedKey(name, args.account), child);
    this.rotation = new BatchAccountKeyRotation(
      `${name}-keys`,
      { ...args.rotation, accountId: this.account.id },
      child,
    );
    this.secret =
      args.secret &&
      new BatchKeyVaultSecret(`${name}-key`, { ...args.secret, rotation: this.rotation }, child);
    this.accountId = this.rotation.accountId;
    this.accountEndpoint = this.rotation.accountEndpoint;
    this.currentKey = this.rotation.currentKey;
    this.currentKeyName = this.rotation.currentKeyName;
    this.registerOutputs({
      account: this.account,
      rotation: this.rotation,
      secret: this.secret,
      accountId: this.accountId,
      accountEndpoint: this.accountEndpoint,
      currentKey: this.currentKey,
      currentKeyName: this.currentKeyName,
    });
  }
}

function refuseTwoSecrets(name: string, { rotation, secret }: RotatedBatchAccountArgs): void {
  if (secret === undefined || rotation?.keyVaultSecret === undefined) return;
  throw programError(
    `RotatedBatchAccount "${name}" takes secret or rotation.keyVaultSecret, not both: with keyVaultSecret the rotation writes the key to a secret itself, and there is no key for another one. Remove secret, and read rotation.secretUri; or remove rotation.keyVaultSecret`,
  );
}

/** Refuses, before there is an account, to make one whose keys could not be rotated. */
function allowingSharedKey(name: string, account: BatchAccountArgs): BatchAccountArgs {
  const { allowedAuthenticationModes: modes, poolAllocationMode } = account;
  if (modes === undefined && poolAllocationMode === undefined) return account;
  const told = pulumi.output({ allowedAuthenticationModes: modes, poolAllocationMode });
  return {
    ...account,
    allowedAuthenticationModes: told.apply((facts) => {
      const refusal = strictSharedKeyRefusal(facts);
      if (refusal === undefined) return facts.allowedAuthenticationModes;
      throw programError(
        `RotatedBatchAccount "${name}" would make an account that ${refusal}: it would have no keys to rotate. Add "SharedKey" to allowedAuthenticationModes, or use batch.BatchAccount alone and Microsoft Entra ID`,
      );
    }),
  };
}
