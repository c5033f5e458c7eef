import type { BatchAccountId } from "./batchAccountId";
import type { ResourceManager } from "./resourceManager";

/** A key as regenerateKeys names it. */
export type KeyName = "Primary" | "Secondary";

/** Both keys of an account, by their name. */
export type AccountKeys = Readonly<Record<KeyName, string>>;

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
const ACCOUNT_API_VERSION = "2024-07-01";
/** API version of listKeys and regenerateKeys. */
const KEYS_API_VERSION = "2024-02-01";

/** https://learn.microsoft.com/rest/api/batchmanagement/batch-account/get */
export function getAccount(arm: ResourceManager, id: BatchAccountId): Promise<AccountFacts> {
  return arm.call(
    id,
    {
      intent: "read",
      action: "Microsoft.Batch/batchAccounts/read",
      method: "GET",
      path: "",
      apiVersion: ACCOUNT_API_VERSION,
      repeatable: true,
    },
    parseFacts,
  );
}

/** https://learn.microsoft.com/rest/api/batchmanagement/batch-account/get-keys */
export function listKeys(arm: ResourceManager, id: BatchAccountId): Promise<AccountKeys> {
  return arm.call(
    id,
    {
      intent: "list the keys of",
      action: "Microsoft.Batch/batchAccounts/listKeys/action",
      method: "POST",
      path: "/listKeys",
      apiVersion: KEYS_API_VERSION,
      repeatable: true,
    },
    parseKeys,
  );
}

/** https://learn.microsoft.com/rest/api/batchmanagement/batch-account/regenerate-key */
export function regenerateKey(
  arm: ResourceManager,
  id: BatchAccountId,
  keyName: KeyName,
): Promise<AccountKeys> {
  return arm.call(
    id,
    {
      intent: `regenerate the ${keyName} key of`,
      action: "Microsoft.Batch/batchAccounts/regenerateKeys/action",
      method: "POST",
      path: "/regenerateKeys",
      apiVersion: KEYS_API_VERSION,
      body: { keyName },
      repeatable: false,
    },
    parseKeys,
  );
}

function parseFacts(body: unknown): AccountFacts | undefined {
  const properties = field(body, "properties");
  const accountEndpoint = field(properties, "accountEndpoint");
  const modes = field(properties, "allowedAuthenticationModes");
  const accountName = field(body, "name");
  if (typeof accountEndpoint !== "string" || typeof accountName !== "string") return undefined;
  return {
    accountName,
    accountEndpoint,
    allowedAuthenticationModes: Array.isArray(modes) ? modes.map(String) : undefined,
  };
}

function parseKeys(body: unknown): AccountKeys | undefined {
  const primary = field(body, "primary");
  const secondary = field(body, "secondary");
  return typeof primary === "string" &&
    typeof secondary === "string" &&
    primary !== "" &&
    secondary !== ""
    ? { Primary: primary, Secondary: secondary }
    : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
