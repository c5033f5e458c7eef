import * as pulumi from "@pulumi/pulumi";
import type { BatchAccount } from "../azure/arm/batchAccount";
import { accountListing } from "./accountListing";
import type {
  GetBatchAccountsArgs,
  GetBatchAccountsOutputArgs,
  GetBatchAccountsResult,
} from "./getBatchAccountsTypes";
import { programConnections } from "./programConnections";

export type { BatchAccount };

/**
 * Lists the Batch accounts of a subscription, or of one of its resource groups: all pages of
 * them, every property. It needs the action `Microsoft.Batch/batchAccounts/read`, reads no keys
 * and changes nothing. It runs in the program, so in previews too.
 *
 * A failed call says what failed, what Azure said and what to do next.
 *
 * https://learn.microsoft.com/rest/api/batchmanagement/batch-account/list
 */
export async function getBatchAccounts(
  args: GetBatchAccountsArgs = {},
): Promise<GetBatchAccountsResult> {
  const listing = accountListing(programConnections(), args);
  const subscriptionId = await listing.subscriptionId();
  const accounts: BatchAccount[] = [];
  for await (const account of listing.accounts) accounts.push(account);
  return { subscriptionId, accounts };
}

/**
 * {@link getBatchAccounts} for arguments that are outputs of resources. While a preview does not
 * know one of them yet, the list is unknown as well, and Azure is not asked.
 */
export function getBatchAccountsOutput(
  args: GetBatchAccountsOutputArgs = {},
): pulumi.Output<GetBatchAccountsResult> {
  return pulumi.output(args).apply((known) => getBatchAccounts(known));
}

/**
 * {@link getBatchAccounts} one account after the other, for subscriptions with so many that they
 * had better not be in memory at once: a page is read when the one before has been gone through.
 *
 * @example
 * for await (const account of streamBatchAccounts()) names.push(account.name);
 */
export function streamBatchAccounts(args: GetBatchAccountsArgs = {}): AsyncIterable<BatchAccount> {
  return accountListing(programConnections(), args).accounts;
}
