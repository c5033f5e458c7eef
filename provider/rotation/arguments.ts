import { formatBatchAccountId, parseBatchAccountId } from "./batchAccountId";
import type { CheckFailure } from "./decision";
import { durationProblem, isLonger } from "./duration";
import { ARGUMENTS, type KeyVaultSecret, type RotationArguments } from "./properties";
import { isUnknown, UNKNOWN } from "./unknown";
import {
  accountNameProblem,
  type DefaultSubscription,
  namespaceProblem,
  resourceGroupNameProblem,
  secretNameProblem,
  subscriptionIdProblem,
  type Validator,
  vaultUriProblem,
} from "./validation";

/** Resolved arguments in which a value that a preview does not know yet is still UNKNOWN. */
export type ArgumentsOrUnknown = {
  readonly [Name in keyof RotationArguments]: RotationArguments[Name] | typeof UNKNOWN;
};

export interface ResolvedArguments {
  readonly arguments: ArgumentsOrUnknown;
  /** Every mistake there is, so that a user corrects them all at once. */
  readonly failures: readonly CheckFailure[];
}

type AccountProperty = "accountId" | "subscriptionId" | "resourceGroupName" | "accountName";

/** For the settings whose type does not say all that there is to check. */
const VALIDATORS: {
  readonly [
    Name in Exclude<keyof RotationArguments, AccountProperty> as (typeof ARGUMENTS)[Name] extends
      { values: unknown } | { type: "boolean" }
      ? never
      : Name
  ]: Validator;
} = {
  version: versionProblem,
  rotateAfter: duration,
  minimumOverlap: duration,
  revokePreviousAfter: duration,
  keyVaultSecret: keyVaultSecretProblem,
  configNamespace: namespaceProblem,
};

interface Rule {
  readonly type?: string;
  readonly values?: readonly string[];
  readonly default?: unknown;
}

const SETTINGS = Object.entries<Rule>(ARGUMENTS).flatMap(
  ([property, { type, values, ...rule }]) => {
    const validators: Readonly<Record<string, Validator>> = VALIDATORS;
    const byType = type === "boolean" ? booleanProblem : values && oneOf(values);
    const problem = byType ?? validators[property];
    // What has none names the account.
    return problem === undefined ? [] : [{ property, whenAbsent: rule.default, problem }];
  },
);

/**
 * Fills in the defaults and names the account in full.
 * @param defaultSubscription that of an account which is named without one.
 */
export function resolveArguments(
  given: Readonly<Record<string, unknown>>,
  defaultSubscription: DefaultSubscription,
): ResolvedArguments {
  const failures: CheckFailure[] = [];
  const settings: Record<string, unknown> = {};
  for (const { property, whenAbsent, problem } of SETTINGS) {
    const value = given[property] ?? whenAbsent;
    if (value === undefined) continue;
    settings[property] = value;
    const reason = isUnknown(value) ? undefined : problem(value);
    if (reason !== undefined) failures.push({ property, reason });
  }
  if (failures.length === 0) failures.push(...contradictions(settings));
  const account = resolveAccount(given, defaultSubscription);
  const { keyVaultSecret } = settings;
  if (failures.length === 0 && keyVaultSecret !== undefined && !isUnknown(keyVaultSecret)) {
    const { accountName = UNKNOWN } = account.arguments;
    settings["keyVaultSecret"] = named(keyVaultSecret as KeyVaultSecret, accountName);
  }
  return {
    arguments: Object.assign(settings, account.arguments) as ArgumentsOrUnknown,
    failures: [...account.failures, ...failures],
  };
}

/** A secret with its name; UNKNOWN while a preview does not know the account's. */
function named({ vaultUri, name }: KeyVaultSecret, accountName: string): KeyVaultSecret {
  return { vaultUri, name: name ?? (isUnknown(accountName) ? UNKNOWN : `${accountName}-key`) };
}

/** What arguments that are right by themselves ask for together, and cannot have. */
function contradictions(settings: Readonly<Record<string, unknown>>): CheckFailure[] {
  const [rotate, rotateAfter, minimumOverlap, revokePreviousAfter] = [
    "rotate",
    "rotateAfter",
    "minimumOverlap",
    "revokePreviousAfter",
  ].map((name) => {
    const value = settings[name];
    return typeof value === "string" && !isUnknown(value) ? value : undefined;
  });
  const failures: CheckFailure[] = [];
  const refuse = (property: string, reason: string) => failures.push({ property, reason });
  if (
    rotateAfter !== undefined &&
    minimumOverlap !== undefined &&
    isLonger(minimumOverlap, rotateAfter)
  ) {
    refuse(
      "minimumOverlap",
      `${minimumOverlap} is longer than rotateAfter (${rotateAfter}): a key that a schedule retires cannot stay valid for longer than the schedule's period`,
    );
  }
  if (revokePreviousAfter === undefined) return failures;
  if (rotate !== undefined && rotate !== "Alternate") {
    refuse(
      "revokePreviousAfter",
      `it needs rotate "Alternate": under ${JSON.stringify(rotate)} no rotation leaves a previous key behind`,
    );
  }
  if (minimumOverlap !== undefined && isLonger(minimumOverlap, revokePreviousAfter)) {
    refuse(
      "revokePreviousAfter",
      `${revokePreviousAfter} is shorter than minimumOverlap (${minimumOverlap}), for which the previous key stays valid`,
    );
  }
  if (rotateAfter !== undefined && !isLonger(rotateAfter, revokePreviousAfter)) {
    refuse(
      "revokePreviousAfter",
      `${revokePreviousAfter} is not shorter than rotateAfter (${rotateAfter}), when the schedule regenerates that key anyway`,
    );
  }
  return failures;
}

/** The account that the arguments name, UNKNOWN if a preview cannot know it; undefined for none. */
export function wantedAccountId(
  given: Readonly<Record<string, unknown>>,
  defaultSubscription: DefaultSubscription,
): string | undefined {
  return resolveAccount(given, defaultSubscription).arguments.accountId;
}

interface ResolvedAccount {
  readonly arguments: Readonly<Partial<Record<AccountProperty, string>>>;
  readonly failures: readonly CheckFailure[];
}

function resolveAccount(
  given: Readonly<Record<string, unknown>>,
  defaultSubscription: DefaultSubscription,
): ResolvedAccount {
  const { accountId, ...parts } = {
    accountId: given["accountId"],
    subscriptionId: given["subscriptionId"],
    resourceGroupName: given["resourceGroupName"],
    accountName: given["accountName"],
  };
  if (accountId !== undefined) return withParts(fromId(accountId), parts);
  if (Object.values(parts).every((value) => value === undefined)) {
    return failed(
      "accountId",
      "no account is named: give accountId (the account's ARM id), or resourceGroupName and accountName",
    );
  }
  return fromParts(parts, defaultSubscription);
}

/** Both may name the account where they agree: ignoreChanges brings the parts that are in state. */
function withParts(
  account: ResolvedAccount,
  parts: Readonly<Record<string, unknown>>,
): ResolvedAccount {
  const named: Readonly<Record<string, unknown>> = account.arguments;
  const others = Object.entries(parts).filter(
    ([name, value]) =>
      ![value ?? undefined, named[name]].some((each) => each === undefined || isUnknown(each)) &&
      String(value).toLowerCase() !== String(named[name]).toLowerCase(),
  );
  if (others.length === 0) return account;
  return failed(
    "accountId",
    `names another account than ${others.map(([name]) => name).join(", ")}: give either accountId, or resourceGroupName and accountName (and subscriptionId)`,
  );
}

function fromId(accountId: unknown): ResolvedAccount {
  if (isUnknown(accountId)) {
    return {
      arguments: {
        accountId: UNKNOWN,
        subscriptionId: UNKNOWN,
        resourceGroupName: UNKNOWN,
        accountName: UNKNOWN,
      },
      failures: [],
    };
  }
  const parts = typeof accountId === "string" ? parseBatchAccountId(accountId) : undefined;
  return parts === undefined
    ? failed(
        "accountId",
        accountId === ""
          ? "it is empty: is what it comes from set?"
          : `${JSON.stringify(accountId)} is not the ARM id of a Batch account: it has the form /subscriptions/<GUID>/resourceGroups/<name>/providers/Microsoft.Batch/batchAccounts/<name>, the account's name being 3 to 24 letters and digits. "az batch account show --query id" prints it`,
      )
    : { arguments: { accountId: accountId as string, ...parts }, failures: [] };
}

function fromParts(
  given: {
    readonly subscriptionId: unknown;
    readonly resourceGroupName: unknown;
    readonly accountName: unknown;
  },
  byDefault: DefaultSubscription,
): ResolvedAccount {
  const parts = { ...given, subscriptionId: given.subscriptionId ?? byDefault.subscriptionId };
  const validators: Readonly<Record<keyof typeof parts, Validator>> = {
    subscriptionId: (value) => subscriptionIdProblem(value, byDefault),
    resourceGroupName: resourceGroupNameProblem,
    accountName: accountNameProblem,
  };
  const failures = Object.entries(validators).flatMap(([property, problem]) => {
    const value = parts[property as keyof typeof parts];
    const reason = isUnknown(value) ? undefined : problem(value);
    return reason === undefined ? [] : [{ property, reason }];
  });
  const names = parts as Record<keyof typeof parts, string>;
  const accountId = Object.values(names).some(isUnknown) ? UNKNOWN : formatBatchAccountId(names);
  return { arguments: { accountId, ...names }, failures };
}

function failed(property: string, reason: string): ResolvedAccount {
  return { arguments: {}, failures: [{ property, reason }] };
}

function versionProblem(value: unknown): string | undefined {
  if (typeof value === "string" && value.trim() !== "") return undefined;
  return typeof value === "number" && Number.isFinite(value)
    ? undefined
    : `${typeof value === "number" ? String(value) : JSON.stringify(value)} is not a version: use a finite number or a text that is not empty`;
}

function oneOf(names: readonly string[]): Validator {
  const list = names.map((name) => `"${name}"`).join(", ");
  return (value) =>
    typeof value === "string" && names.includes(value)
      ? undefined
      : `${JSON.stringify(value)} is not one of ${list}`;
}

function booleanProblem(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : `${JSON.stringify(value)} is not true or false`;
}

function duration(value: unknown): string | undefined {
  return durationProblem(typeof value === "string" ? value : JSON.stringify(value));
}

function keyVaultSecretProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) {
    return `${JSON.stringify(value)} is not a Key Vault secret: give its vaultUri, and perhaps its name`;
  }
  const { vaultUri, name } = value as { readonly vaultUri?: unknown; readonly name?: unknown };
  const ofVault = isUnknown(vaultUri) ? undefined : vaultUriProblem(vaultUri);
  if (ofVault !== undefined) return `vaultUri ${ofVault}`;
  const ofName =
    isUnknown(name) || (name ?? undefined) === undefined ? undefined : secretNameProblem(name);
  return ofName === undefined ? undefined : `name ${ofName}`;
}
