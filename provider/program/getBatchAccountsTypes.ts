// Made of provider/schema.json by "npm run schema": change it there.

import type * as pulumi from "@pulumi/pulumi";
import type { BatchAccount } from "../azure/arm/batchAccount";

/** Which accounts to list. */
export interface GetBatchAccountsArgs {
  /**
   * The subscription, a GUID.
   * @default the configured one: `azure-native:subscriptionId`, else `ARM_SUBSCRIPTION_ID`; where
   * the Azure CLI signs in, else the CLI's own
   */
  readonly subscriptionId?: string | undefined;
  /**
   * The resource group whose accounts to list.
   * @default all of the subscription's
   */
  readonly resourceGroupName?: string | undefined;
  /**
   * The namespace of the stack's configuration that holds the credentials and the cloud, for a
   * second tenant.
   * @default "azure-native"
   */
  readonly configNamespace?: string | undefined;
}

/** {@link GetBatchAccountsArgs}, with outputs of resources among them. */
export interface GetBatchAccountsOutputArgs {
  /**
   * The subscription, a GUID.
   * @default the configured one: `azure-native:subscriptionId`, else `ARM_SUBSCRIPTION_ID`; where
   * the Azure CLI signs in, else the CLI's own
   */
  readonly subscriptionId?: pulumi.Input<string | undefined>;
  /**
   * The resource group whose accounts to list.
   * @default all of the subscription's
   */
  readonly resourceGroupName?: pulumi.Input<string | undefined>;
  /**
   * The namespace of the stack's configuration that holds the credentials and the cloud, for a
   * second tenant.
   * @default "azure-native"
   */
  readonly configNamespace?: pulumi.Input<string | undefined>;
}

export interface GetBatchAccountsResult {
  /** The subscription whose accounts these are. */
  readonly subscriptionId: string;
  /** The accounts, in the order in which Azure lists them. */
  readonly accounts: BatchAccount[];
}
