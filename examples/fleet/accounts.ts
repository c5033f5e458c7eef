import { type BatchAccount, getBatchAccounts } from "pulumi-azure-batch-key-rotation";

/** A Batch account that Azure lists. */
export interface ListedAccount {
  /** `name.region`: it names an account in all of Azure, and stays when the account moves. */
  readonly name: string;
  readonly accountId: string;
  readonly allowsSharedKey: boolean;
}

/** The accounts of a subscription. Credentials and cloud are those of the `ARM_*` variables. */
export async function listAccounts(subscriptionId: string): Promise<ListedAccount[]> {
  const { accounts } = await getBatchAccounts({ subscriptionId });
  return accounts.map((account) => ({
    name: `${account.name}.${account.location.replace(/[^a-z0-9]/gi, "")}`.toLowerCase(),
    accountId: account.id,
    allowsSharedKey: allowsSharedKey(account),
  }));
}

/** Those with pools in the user's own subscription have to say so. */
function allowsSharedKey({ allowedAuthenticationModes, poolAllocationMode }: BatchAccount) {
  return (
    allowedAuthenticationModes?.includes("SharedKey") ?? poolAllocationMode !== "UserSubscription"
  );
}
