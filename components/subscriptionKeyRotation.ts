import * as pulumi from "@pulumi/pulumi";
import { BatchAccountKeyRotation } from "../provider/program/batchAccountKeyRotation";
import type { KeyVaultSecretArgs } from "../provider/program/batchAccountKeyRotationArgs";
import { type BatchAccount, getBatchAccounts } from "../provider/program/getBatchAccounts";
import type { GetBatchAccountsArgs } from "../provider/program/getBatchAccountsTypes";
import { programError } from "../provider/program/programError";
import type { KeyName, KeyVerification } from "../provider/rotation/properties";
import { strictSharedKeyRefusal } from "../provider/rotation/sharedKeyRule";
import { adopting, type RotationSettings } from "./rotationSettings";

/** Which accounts to rotate, when and how. What names them is plain: it decides which resources there are. */
export interface SubscriptionKeyRotationArgs extends GetBatchAccountsArgs {
  /**
   * Whether to rotate an account's keys.
   * @default every account
   */
  readonly select?: (account: BatchAccount) => boolean;
  /**
   * When and how to rotate each of them. There is no `revokeOnDelete`: an account that a list leaves
   * out once would lose its keys. `configNamespace` is the listing's. `keyVaultSecret` takes no
   * `name`: each account has a secret of its own in the vault, named by the account and "-key".
   * @default a rotation's own defaults, but for `rotateOnCreate`, which is false: a new account is
   * adopted, and its first rotation comes with the first change of `version`
   */
  readonly rotation?: SubscriptionRotationSettings;
}

type SubscriptionRotationSettings = Omit<
  RotationSettings,
  "configNamespace" | "revokeOnDelete" | "keyVaultSecret"
> & { readonly keyVaultSecret?: pulumi.Input<Omit<KeyVaultSecretArgs, "name">> };

/** An account that was selected and has no rotation. */
export interface SkippedAccount {
  readonly accountId: string;
  readonly reason: string;
}

/** How far the rotation of one account has come: a {@link BatchAccountKeyRotation}'s outputs. */
export interface AccountRotation {
  /** See {@link BatchAccountKeyRotation.currentKeyName}. */
  readonly currentKeyName: KeyName;
  /** See {@link BatchAccountKeyRotation.generation}. */
  readonly generation: number;
  /** See {@link BatchAccountKeyRotation.rotatedAt}. */
  readonly rotatedAt?: string | undefined;
  /** See {@link BatchAccountKeyRotation.nextRotationAt}. */
  readonly nextRotationAt?: string | undefined;
  /** See {@link BatchAccountKeyRotation.keyVerification}. */
  readonly keyVerification: KeyVerification;
  /** See {@link BatchAccountKeyRotation.secretUri}. */
  readonly secretUri?: string | undefined;
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
 * An account that is new to the list is adopted, and one that has left it is let go: neither changes
 * a key. An account that has moved to another resource group keeps its rotation.
 *
 * Pulumi stops at the first resource that fails; with `pulumi up --continue-on-error` the rotations
 * of the other accounts go on.
 */
export class SubscriptionKeyRotation extends pulumi.ComponentResource {
  /** The ARM ids of the accounts that have a rotation. */
  readonly rotated: pulumi.Output<string[]>;
  /** The accounts that were selected and have none: `accountId`, and the `reason`. */
  readonly skipped: pulumi.Output<SkippedAccount[]>;
  /**
   * How far the rotation of each account has come, by its ARM id: `currentKeyName`, `generation`,
   * `rotatedAt`, `nextRotationAt`, `keyVerification`, `secretUri`. Fails if one of the rotations
   * does.
   */
  readonly rotations: pulumi.Output<Record<string, AccountRotation>>;
  /**
   * The key to use of each account, by its ARM id. A secret. Accounts whose key is in no output are
   * left out: with `keyVaultSecret`, all of them. Fails if one of the rotations does.
   */
  readonly currentKeys: pulumi.Output<Record<string, string>>;

  readonly #children: Record<string, BatchAccountKeyRotation> = {};

  constructor(
    name: string,
    args: SubscriptionKeyRotationArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("azure-batch-key-rotation:index:SubscriptionKeyRotation", name, {}, opts);
    refuseRevocation(name, args.rotation);
    refuseSecretName(name, args.rotation?.keyVaultSecret);
    const accounts = pulumi.output(this.#rotateAccounts(name, args));
    this.rotated = accounts.rotated;
    this.skipped = accounts.skipped;
    this.rotations = accounts.apply(() => pulumi.output(mapped(this.#children, progressOf)));
    this.currentKeys = pulumi.secret(
      accounts
        .apply(() => pulumi.output(mapped(this.#children, ({ currentKey }) => currentKey)))
        .apply(defined),
    );
    // The engine hears of these once the accounts are listed, and so after the children.
    this.registerOutputs({
      rotated: this.rotated,
      skipped: this.skipped,
      rotations: absentWhereItFails(this.rotations),
      currentKeys: absentWhereItFails(this.currentKeys),
    });
  }

  async #rotateAccounts(name: string, args: SubscriptionKeyRotationArgs): Promise<Accounts> {
    const { select = () => true, rotation = {}, ...where } = args;
    const settings = adopting(withSecretOfItsOwn(name, rotation));
    const { accounts } = await getBatchAccounts(where);
    const selected = distinct(accounts).filter((account) => isSelected(select, account));
    const skipped: SkippedAccount[] = [];
    for (const account of selected) {
      const refusal = strictSharedKeyRefusal(account);
      if (refusal !== undefined) {
        skipped.push({ accountId: account.id, reason: `it ${refusal}` });
        continue;
      }
      this.#children[account.id] = new BatchAccountKeyRotation(
        `${name}-${childName(account)}`,
        {
          ...settings,
          ...namespaceOf(where),
          accountId: account.id,
        },
        {
          parent: this,
          aliases: [{ name: `${name}-${nameByGroup(account)}` }],
          // It matters at creation only, and rotations that version 0.1.0 created have another.
          ignoreChanges: ["rotateOnCreate"],
        },
      );
    }
    return { rotated: Object.keys(this.#children), skipped };
  }
}

/** In JavaScript, and in settings that are made for other rotations too, it can be there. */
function refuseRevocation(name: string, rotation: RotationSettings = {}): void {
  if ((rotation.revokeOnDelete ?? false) === false) return;
  throw programError(
    `SubscriptionKeyRotation "${name}" takes no revokeOnDelete: an account that a list leaves out once would lose both keys. Leave it out here, and give an account whose keys are to be revoked a BatchAccountKeyRotation of its own`,
  );
}

/** As {@link refuseRevocation}: one secret holds the key of one account. */
function refuseSecretName(name: string, keyVaultSecret: unknown): void {
  const given = (keyVaultSecret as { readonly name?: unknown } | undefined)?.name;
  // Of an output, which lifts properties, the name is an output as well: see withSecretOfItsOwn.
  if (given === undefined || pulumi.Output.isInstance(keyVaultSecret)) return;
  throw programError(
    `SubscriptionKeyRotation "${name}" takes no name in keyVaultSecret: it would be one secret for the keys of many accounts. Remove it: each account's secret is named by the account and "-key"`,
  );
}

/** The settings of one account, which refuse a secret's name once the program knows it. */
function withSecretOfItsOwn(
  name: string,
  { keyVaultSecret, ...settings }: SubscriptionRotationSettings,
): RotationSettings {
  if (keyVaultSecret === undefined) return settings;
  if (!pulumi.Output.isInstance(keyVaultSecret) && !(keyVaultSecret instanceof Promise)) {
    return { ...settings, keyVaultSecret };
  }
  const secret = pulumi.output(keyVaultSecret).apply((given) => {
    refuseSecretName(name, given);
    return given;
  });
  return { ...settings, keyVaultSecret: secret };
}

/** A list that changes while it is read page by page can hold an account twice: a move, under two ids. */
function distinct(accounts: readonly BatchAccount[]): BatchAccount[] {
  return [...new Map(accounts.map((account) => [childName(account), account])).values()];
}

function isSelected(select: (account: BatchAccount) => boolean, account: BatchAccount): boolean {
  try {
    return select(account);
  } catch (error) {
    throw programError(`select failed on Batch account ${account.id}: ${String(error)}`, error);
  }
}

/**
 * By account and region, which name an account in all of Azure and stay when it moves. No name by
 * resource group is ever the same: in what follows its last hyphen there is no dot. In lower case,
 * like those: lists do not always agree with themselves on case.
 */
function childName(account: BatchAccount): string {
  // Resource Manager tells it, but a list is not refused for an entry without.
  const { location = "" } = account as Partial<BatchAccount>;
  const region = location.toLowerCase().replace(/[^a-z0-9]/g, "");
  return region === "" ? nameByGroup(account) : `${account.name.toLowerCase()}.${region}`;
}

/** What version 0.1.0 named them by. */
function nameByGroup({ id }: BatchAccount): string {
  const [, , , , group, , , , account] = id.toLowerCase().split("/");
  return `${String(group)}-${String(account)}`;
}

/** The rotations sign in as the listing does. */
function namespaceOf({ configNamespace }: GetBatchAccountsArgs): { configNamespace?: string } {
  return configNamespace === undefined ? {} : { configNamespace };
}

function progressOf(rotation: BatchAccountKeyRotation): pulumi.Output<AccountRotation> {
  const { currentKeyName, generation, rotatedAt, nextRotationAt, keyVerification } = rotation;
  const { secretUri } = rotation;
  return pulumi
    .output({
      ...{ currentKeyName, generation, rotatedAt },
      ...{ nextRotationAt, keyVerification, secretUri },
    })
    .apply(defined);
}

/**
 * A rotation that fails is the engine's to report; without this its component would fail, too, and
 * with it the program.
 */
function absentWhereItFails<T>(output: pulumi.Output<T>): pulumi.Output<T | undefined> {
  // Older SDKs lack it: there such an output is unknown, and is registered as that.
  const { recover } = pulumi as Partial<typeof pulumi>;
  return recover === undefined ? output : recover<T | undefined>(output, () => undefined);
}

function mapped<Value, Result>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

/** What is absent is left out, in programs as in state. */
function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
