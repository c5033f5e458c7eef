// Made of provider/schema.json by "npm run schema": change it there.

import type * as pulumi from "@pulumi/pulumi";
import type { KeyName, Rotate, VerifyKey } from "../rotation/properties";

/** A secret of a key vault. */
export interface KeyVaultSecretArgs {
  /**
   * The vault's URI, as azure-native's `vault.properties.vaultUri` gives it, e.g.
   * `https://myvault.vault.azure.net/`. In the cloud of the account.
   */
  readonly vaultUri: pulumi.Input<string>;
  /**
   * The secret's name: 1 to 127 letters, digits and hyphens.
   * @default the account's name followed by `-key`
   */
  readonly name?: pulumi.Input<string>;
}

/** Which account to rotate, when, and how carefully. */
export interface BatchAccountKeyRotationArgs {
  /**
   * The account's ARM id,
   * `/subscriptions/…/resourceGroups/…/providers/Microsoft.Batch/batchAccounts/…`. Give either
   * this, or `resourceGroupName` and `accountName`; both only where they agree. Another account
   * replaces the resource.
   */
  readonly accountId?: pulumi.Input<string>;
  /**
   * The subscription of `resourceGroupName` and `accountName`, a GUID.
   * @default the configured one: `azure-native:subscriptionId`, else `ARM_SUBSCRIPTION_ID`; where
   * the Azure CLI signs in, else the CLI's own
   */
  readonly subscriptionId?: pulumi.Input<string>;
  /** The account's resource group, where `accountId` is not given. */
  readonly resourceGroupName?: pulumi.Input<string>;
  /** The account's name, 3 to 24 letters and digits, where `accountId` is not given. */
  readonly accountName?: pulumi.Input<string>;
  /**
   * The trigger: any change rotates once. A number that is smaller than the one in state is
   * refused, because a rotated key cannot be brought back. `2` and `"2"` are the same version.
   * @default 1
   */
  readonly version?: pulumi.Input<number | string>;
  /**
   * Which key a rotation regenerates. `Alternate`: the one that consumers do not hold, so that they
   * have until the next rotation to move. `Primary`, `Secondary`: always that one. `Both`: after a
   * leak, both at once; everything that holds a key stops working until it has the new one. To
   * change `rotate` alone rotates nothing.
   * @default "Alternate"
   */
  readonly rotate?: pulumi.Input<Rotate>;
  /**
   * The key that consumers hold before the first rotation.
   * @default "Primary"
   */
  readonly liveKey?: pulumi.Input<KeyName>;
  /**
   * Whether creating this resource rotates. `false` adopts the account: its keys are read, and the
   * first rotation comes with the first change of `version`.
   * @default true
   */
  readonly rotateOnCreate?: pulumi.Input<boolean>;
  /**
   * An ISO 8601 duration such as `"P90D"`: the first `pulumi up` after this age of the last
   * rotation rotates, once, however many periods have passed. Months and years are calendar time in
   * UTC.
   * @default none: only `version` rotates
   */
  readonly rotateAfter?: pulumi.Input<string>;
  /**
   * An ISO 8601 duration for which the retired key stays valid at least: a change of `version`
   * before that is refused with the time left, a scheduled rotation waits. `rotate: "Both"`, and
   * the first rotation after that or after adopting, are not held up. Not longer than
   * `rotateAfter`.
   * @default none
   */
  readonly minimumOverlap?: pulumi.Input<string>;
  /**
   * An ISO 8601 duration: the first `pulumi up` after this age of the last rotation regenerates the
   * previous key, once, so that what was rotated away is dead and not merely unused. With
   * `rotate: "Alternate"` alone. Not shorter than `minimumOverlap`, and shorter than `rotateAfter`.
   * @default none: the previous key works until the next rotation
   */
  readonly revokePreviousAfter?: pulumi.Input<string>;
  /**
   * The Key Vault secret that gets the current key. With it no key stands in state, nor passes
   * through Pulumi: `primaryKey`, `secondaryKey`, `currentKey` and `previousKey` are absent, and
   * applications read the secret.
   * @default none: the keys are outputs
   */
  readonly keyVaultSecret?: pulumi.Input<KeyVaultSecretArgs>;
  /**
   * Whether the new key is tried on the Batch data plane before anything gets it. `BestEffort`: a
   * key that the service refuses is not handed out; an endpoint that cannot be reached is no
   * obstacle. `Required`: only a key that worked is handed out. `None`: no try.
   * @default "BestEffort"
   */
  readonly verifyKey?: pulumi.Input<VerifyKey>;
  /**
   * Whether destroying this resource regenerates both keys, so that nothing handed out works any
   * more. Otherwise it changes nothing in Azure. The value of the last `pulumi up` counts.
   * @default false
   */
  readonly revokeOnDelete?: pulumi.Input<boolean>;
  /**
   * The namespace of the stack's configuration that holds the credentials and the cloud, for a
   * second tenant. The name goes into state; the credentials never do.
   * @default "azure-native"
   */
  readonly configNamespace?: string;
}
