import * as pulumi from "@pulumi/pulumi";
import type { BatchAccount } from "../provider/azure/batchAccount";
import { BatchAccountKeyRotation } from "../provider/batchAccountKeyRotation";
import type { GetBatchAccountsArgs } from "../provider/accountListing";
import { getBatchAccounts } from "../provider/getBatchAccounts";
import type { RotationSettings } from "./rotationSettings";
import { programError } from "../provider/programError";

/** Which accounts to rotate, when and how. What names them is plain: it decides which resources there are. */
export interface SubscriptionKeyRotationArgs extends GetBatchAccountsArgs {
  /**
   * Whether to rotate an account's keys.
   * @default every account
   */
  readonly select?: (account: BatchAccount) => boolean;
  /** When and how to rotate each of them. */
  readonly rotation?: Omit<RotationSettings, "configNamespace">;
}

/** An account that was selected and has no rotation. */
export interface SkippedAccount {
  readonly accountId: string;
  readonly reason: string;
}

interface Accounts {
  readonly rotated: string[];
  readonly skipped: SkippedAccount[];
}

/**
 * One rotation for every Batch account of a subscription, or of a resource group, that `select`
 * accepts and that allows shared keys. The accounts are listed when the program runs, in previews
 * too, so a preview shows every key that will rotate.
 *
 * Pulumi stops at the first resource that fails; with `pulumi up --continue-on-error` the rotations
 * of the other accounts go on.
 */
export class SubscriptionKeyRotation extends pulumi.ComponentResource {
  /** The ARM ids of the accounts that have a rotation. */
  readonly rotated: pulumi.Output<string[]>;
  /** The accounts that were selected and have none, and why. */
  readonly skipped: pulumi.Output<SkippedAccount[]>;

  constructor(
    name: string,
    args: SubscriptionKeyRotationArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("azure-batch-key-rotation:index:SubscriptionKeyRotation", name, {}, opts);
    const accounts = pulumi.output(this.#rotateAccounts(name, args));
    this.rotated = accounts.rotated;
    this.skipped = accounts.skipped;
    // The engine hears of these once the accounts are listed, and so after the children.
    this.registerOutputs({ rotated: this.rotated, skipped: this.skipped });
  }

  async #rotateAccounts(name: string, args: SubscriptionKeyRotationArgs): Promise<Accounts> {
    const { select = () => true, rotation, ...where } = args;
    const { accounts } = await getBatchAccounts(where);
    const selected = distinct(accounts).filter((account) => isSelected(select, account));
    const rotated: string[] = [];
    const skipped: SkippedAccount[] = [];
    for (const account of selected) {
      const reason = reasonToSkip(account);
      if (reason !== undefined) {
        skipped.push({ accountId: account.id, reason });
        continue;
      }
      rotated.push(account.id);
      new BatchAccountKeyRotation(
        `${name}-${childName(account)}`,
        { ...rotation, ...namespaceOf(where), accountId: account.id },
        { parent: this },
      );
    }
    return { rotated, skipped };
  }
}

/** A list that changes while it is read page by page can hold an account twice. */
function distinct(accounts: readonly BatchAccount[]): BatchAccount[] {
  return [...new Map(accounts.map((account) => [account.id.toLowerCase(), account])).values()];
}

function isSelected(select: (account: BatchAccount) => boolean, account: BatchAccount): boolean {
  try {
    return select(account);
  } catch (error) {
    throw programError(`select failed on Batch account ${account.id}: ${String(error)}`, error);
  }
}

function reasonToSkip({ allowedAuthenticationModes: modes }: BatchAccount): string | undefined {
  return modes === undefined || modes.includes("SharedKey")
    ? undefined
    : `it does not allow shared keys (its allowedAuthenticationModes: ${modes.join(", ") || "none"})`;
}

/** By resource group and account, in lower case: lists do not always agree with themselves on case. */
function childName({ id }: BatchAccount): string {
  const [, , , , group, , , , account] = id.toLowerCase().split("/");
  return `${String(group)}-${String(account)}`;
}

/** The rotations sign in as the listing does. */
function namespaceOf({ configNamespace }: GetBatchAccountsArgs): { configNamespace?: string } {
  return configNamespace === undefined ? {} : { configNamespace };
}
