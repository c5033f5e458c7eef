import { type BatchAccountId, formatBatchAccountId } from "../../rotation/batchAccountId";
import type { AccountKeys } from "../../rotation/outputs";
import type { KeyName } from "../../rotation/properties";
import { MalformedAnswer } from "../errors";
import { property, requiredText } from "../json";
import type { ResourceManager, Target } from "./resourceManager";

/** What a rotation needs to know of an account. */
export interface AccountFacts {
  /** The account's name in the letter case that Azure keeps, which signatures need. */
  readonly accountName: string;
  /** Where the account's data plane answers; a host, without a scheme. */
  readonly accountEndpoint: string;
  /** Absent where the API does not tell. */
  readonly allowedAuthenticationModes: readonly string[] | undefined;
}

/** API version of GET and list. https://learn.microsoft.com/rest/api/batchmanagement/batch-account */
export const ACCOUNT_API_VERSION = "2024-07-01";
/** The role action of GET and list. */
export const READ_ACTION = "Microsoft.Batch/batchAccounts/read";
/** API version of listKeys and regenerateKeys. */
const KEYS_API_VERSION = "2024-02-01";

/** https://learn.microsoft.com/rest/api/batchmanagement/batch-account/get */
export function getAccount(arm: ResourceManager, id: BatchAccountId): Promise<AccountFacts> {
  return arm.call(
    accountTarget(id),
    {
      intent: "read",
      action: READ_ACTION,
      method: "GET",
      path: "",
      apiVersion: ACCOUNT_API_VERSION,
      repeatable: true,
    },
    (body) => parseFacts(body, id),
  );
}

/** https://learn.microsoft.com/rest/api/batchmanagement/batch-account/get-keys */
export function listKeys(arm: ResourceManager, id: BatchAccountId): Promise<AccountKeys> {
  return arm.call(
    accountTarget(id),
    {
      intent: "list the keys of",
      action: "Microsoft.Batch/batchAccounts/listKeys/action",
      method: "POST",
      path: "/listKeys",
      apiVersion: KEYS_API_VERSION,
      repeatable: true,
    },
    (body) => parseKeys(body, id),
  );
}

/** https://learn.microsoft.com/rest/api/batchmanagement/batch-account/regenerate-key */
export function regenerateKey(
  arm: ResourceManager,
  id: BatchAccountId,
  keyName: KeyName,
): Promise<AccountKeys> {
  return arm.call(
    accountTarget(id),
    {
      intent: `regenerate the ${keyName} key of`,
      action: "Microsoft.Batch/batchAccounts/regenerateKeys/action",
      method: "POST",
      path: "/regenerateKeys",
      apiVersion: KEYS_API_VERSION,
      body: { keyName },
      repeatable: false,
    },
    (body) => parseKeys(body, id),
  );
}

function accountTarget(id: BatchAccountId): Target {
  return {
    id: formatBatchAccountId(id),
    scope: "account",
    description: `Batch account "${id.accountName}" (resource group "${id.resourceGroupName}", subscription ${id.subscriptionId})`,
  };
}

function parseFacts(body: unknown, id: BatchAccountId): AccountFacts {
  const properties = property(body, "properties");
  const modes = property(properties, "allowedAuthenticationModes");
  return {
    accountName: accountName(body, "name", id),
    accountEndpoint: requiredText(properties, "accountEndpoint"),
    allowedAuthenticationModes: Array.isArray(modes)
      ? modes.filter((mode) => typeof mode === "string")
      : undefined,
  };
}

function parseKeys(body: unknown, id: BatchAccountId): AccountKeys {
  accountName(body, "accountName", id);
  return { Primary: key(body, "primary"), Secondary: key(body, "secondary") };
}

/** The account's name as the answer has it: another account's answer is none. */
function accountName(body: unknown, name: string, id: BatchAccountId): string {
  const found = requiredText(body, name);
  if (found.toLowerCase() !== id.accountName.toLowerCase()) {
    throw new MalformedAnswer("the answer is about another account");
  }
  return found;
}

/** Base64, as every key is; how long it is, and what marks it has, is Azure's affair. */
function key(body: unknown, name: string): string {
  const found = requiredText(body, name);
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(found)) {
    throw new MalformedAnswer(`"${name}" is not a key`);
  }
  return found;
}
