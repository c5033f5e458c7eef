import * as pulumi from "@pulumi/pulumi";
import { type AccountListing, refuseMistakes } from "../azure/accountListing";
import type { BatchAccount } from "../azure/arm/batchAccount";
import { isJsonObject } from "../azure/json";
import { parseBatchAccountId } from "../rotation/batchAccountId";
import type { GetBatchAccountsArgs } from "./getBatchAccountsTypes";

/** The plugin's function: what a program that uses the plugin's SDK would ask the mocks for. */
const TOKEN = "azure-batch-key-rotation:index:getBatchAccounts";

const NEXT = `Next: let the mocks' call answer ${TOKEN} with { subscriptionId, accounts: [{ id, name, … }] }`;

/** A list that Pulumi's mocks give, as they give what any function of a provider does; asked for once. */
export function mockedListing(args: GetBatchAccountsArgs): AccountListing {
  refuseMistakes(args);
  let asked: ReturnType<typeof answer> | undefined;
  const listed = () => (asked ??= answer(args));
  return {
    subscriptionId: async () => {
      const { subscriptionId, accounts } = await listed();
      const found =
        subscriptionId ??
        args.subscriptionId ??
        parseBatchAccountId(accounts[0]?.id)?.subscriptionId;
      if (typeof found === "string" && found !== "") return found;
      throw unusable("has no subscriptionId, and neither have the arguments");
    },
    accounts: {
      async *[Symbol.asyncIterator]() {
        yield* (await listed()).accounts;
      },
    },
  };
}

async function answer(
  args: GetBatchAccountsArgs,
): Promise<{ subscriptionId: unknown; accounts: BatchAccount[] }> {
  let answered: unknown;
  try {
    answered = await pulumi.runtime.invoke(TOKEN, { ...args });
  } catch {
    // The SDK's error is empty, whatever the call has thrown.
    throw new Error(
      `could not list Batch accounts: the call of Pulumi's mocks failed, or returned nothing. ${NEXT}`,
    );
  }
  const { subscriptionId, accounts } = answered as Record<string, unknown>;
  if (!Array.isArray(accounts)) throw unusable('has no array "accounts"');
  return { subscriptionId, accounts: accounts.map(accountOf) };
}

function accountOf(entry: unknown, index: number): BatchAccount {
  const problem = problemOf(entry);
  if (problem === undefined) return entry as BatchAccount;
  throw unusable(`has an entry ${String(index + 1)} that ${problem}`);
}

function problemOf(entry: unknown): string | undefined {
  if (!isJsonObject(entry)) return "is no object";
  if (parseBatchAccountId(entry["id"]) === undefined) {
    return `has no id of a Batch account, such as "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-group/providers/Microsoft.Batch/batchAccounts/mybatch"`;
  }
  if (typeof entry["name"] !== "string" || entry["name"] === "") return "has no name";
  if ("properties" in entry) {
    return 'has "properties": what Azure has there stands beside id and name';
  }
  return undefined;
}

function unusable(problem: string): Error {
  return new Error(
    `could not list Batch accounts: the answer of Pulumi's mocks ${problem}. ${NEXT}`,
  );
}
