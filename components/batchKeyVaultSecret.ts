import type { Secret } from "@pulumi/azure-native/keyvault";
import * as pulumi from "@pulumi/pulumi";
import {
  type BatchAccountKeyRotation,
  hasKeyVaultSecret,
} from "../provider/program/batchAccountKeyRotation";
import { programError } from "../provider/program/programError";
import { SECRET_CONTENT_TYPE, validityPeriodDays } from "../provider/rotation/secretRecord";
import { azureNativeKeyVault } from "./azureNative";
import { requireSecretName } from "./keyVaultSecretProperties";

export interface BatchKeyVaultSecretArgs {
  /** The rotation whose current key the secret holds. One with `keyVaultSecret` has a secret already. */
  readonly rotation: BatchAccountKeyRotation;
  /** The vault, which must exist. */
  readonly vaultName: pulumi.Input<string>;
  /**
   * The vault's resource group.
   * @default the Batch account's
   */
  readonly resourceGroupName?: pulumi.Input<string>;
  /**
   * The secret's name in the vault: 1 to 127 letters, digits and hyphens.
   * @default the account's name followed by "-key"
   */
  readonly secretName?: pulumi.Input<string>;
}

/**
 * The current key of a rotation as a Key Vault secret, for a rotation whose keys stand in state: each rotation makes a new version of it, once
 * the key has been tried. It expires when the schedule rotates next, and carries the tags of Azure's
 * tutorial on credentials that come in pairs.
 *
 * https://learn.microsoft.com/azure/key-vault/secrets/tutorial-rotation-dual
 */
export class BatchKeyVaultSecret extends pulumi.ComponentResource {
  /** The azure-native secret. */
  readonly secret: Secret;
  /** The secret's URI, without a version: it always leads to the current key. */
  readonly secretUri: pulumi.Output<string>;

  constructor(name: string, args: BatchKeyVaultSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const { Secret } = azureNativeKeyVault(`BatchKeyVaultSecret "${name}"`);
    super("azure-batch-key-rotation:index:BatchKeyVaultSecret", name, {}, opts);
    const { rotation } = args;
    if (hasKeyVaultSecret(rotation)) {
      throw programError(
        `BatchKeyVaultSecret "${name}" has no key to keep: its rotation has keyVaultSecret, and writes the current key to that secret itself. Remove this component and read the rotation's secretUri, or remove keyVaultSecret from the rotation`,
      );
    }
    const schedule = pulumi.all([rotation.rotationDecidedAt, rotation.nextRotationAt]);
    this.secret = new Secret(
      name,
      {
        vaultName: args.vaultName,
        resourceGroupName: args.resourceGroupName ?? rotation.resourceGroupName,
        secretName: pulumi
          .output(args.secretName ?? pulumi.interpolate`${rotation.accountName}-key`)
          .apply(requireSecretName),
        properties: {
          value: rotation.currentKey,
          contentType: SECRET_CONTENT_TYPE,
          attributes: {
            enabled: true,
            expires: rotation.nextRotationAt.apply((next) =>
              next === undefined ? undefined : Math.floor(Date.parse(next) / 1_000),
            ),
          },
        },
        tags: pulumi
          .all([rotation.currentKeyName, rotation.accountId, schedule])
          .apply(([currentKeyName, accountId, [decidedAt, next]]) => ({
            CredentialId: currentKeyName,
            ProviderAddress: accountId,
            ...validityPeriodDays(decidedAt, next),
          })),
      },
      { parent: this },
    );
    this.secretUri = this.secret.properties.apply(({ secretUri }) => secretUri);
    this.registerOutputs({ secret: this.secret, secretUri: this.secretUri });
  }
}
