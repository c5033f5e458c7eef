import * as pulumi from "@pulumi/pulumi";
import { type AccountListing, accountListing } from "../azure/accountListing";
import type { BatchAccount } from "../azure/arm/batchAccount";
import type {
  GetBatchAccountsArgs,
  GetBatchAccountsOutputArgs,
  GetBatchAccountsResult,
} from "./getBatchAccountsTypes";
import { mockedListing } from "./mockedListing";
import { isMocked } from "./monitor";
import { programConnections } from "./programConnections";
import { programError } from "./programError";

export type { BatchAccount };

/**
 * Lists the Batch accounts of a subscription, or of one of its resource groups: all pages of
 * them, every property. It needs the action `Microsoft.Batch/batchAccounts/read`, reads no keys
 * and changes nothing. It runs in the program, so in previews too.
 *
 * With Pulumi's mocks, in a unit test, nothing is sent: the mocks' `call` gives the accounts, when it
 * is asked for `azure-batch-key-rotation:index:getBatchAccounts`.
 *
 * A failed call says what failed, what Azure said and what to do next.
 *
 * https://learn.microsoft.com/rest/api/batchmanagement/batch-account/list
 */
export async function getBatchAccounts(
  args: GetBatchAccountsArgs = {},
): Promise<GetBatchAccountsResult> {
  const listing = listingOf(args);
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
  return listingOf(args).accounts;
}

/** A list for a program: its mistakes are told by their message alone. */
function listingOf(args: GetBatchAccountsArgs): AccountListing {
  try {
    const { subscriptionId, accounts } = isMocked()
      ? mockedListing(args)
      : accountListing(programConnections(), args);
    return {
      subscriptionId: () => subscriptionId().catch(failAsProgram),
      accounts: { [Symbol.asyncIterator]: () => told(accounts) },
    };
  } catch (error) {
    return failAsProgram(error);
  }
}

async function* told(accounts: AsyncIterable<BatchAccount>): AsyncGenerator<BatchAccount, void> {
  try {
    yield* accounts;
  } catch (error) {
    failAsProgram(error);
  }
}

function failAsProgram(error: unknown): never {
  throw programError(error instanceof Error ? error.message : String(error), error);
}
