import { NotSentError } from "./errors";
import { property, requiredText, text } from "./json";
import { redact } from "./redact";

/** What differs from one Azure cloud to another. */
export interface Cloud {
  /** As the Azure CLI and metadata hosts name it, e.g. `AzureCloud`. */
  readonly name: string;
  /** Where Microsoft Entra ID signs in. */
  readonly authorityHost: string;
  /** The origin of Azure Resource Manager, without a trailing slash. */
  readonly resourceManager: string;
  /** The audience that Azure Resource Manager's tokens are for. */
  readonly audience: string;
  /**
   * The suffix every Batch account's endpoint in this cloud ends with; undefined in a cloud of the
   * user's, of which none is known: there an account's endpoint is what its Resource Manager says
   * it is.
   */
  readonly batchSuffix: string | undefined;
  /**
   * What the hosts of this cloud's key vaults end with, after a period: `vault.azure.net`; undefined
   * in a cloud that does not tell.
   */
  readonly keyVaultSuffix: string | undefined;
  /** The audience that the tokens of its key vaults are for. */
  readonly keyVaultAudience: string;
  /** Whether the authority is asked as it is: Microsoft's instance discovery may not know it. */
  readonly skipsInstanceDiscovery: boolean;
}

const PUBLIC: Cloud = {
  name: "AzureCloud",
  authorityHost: "https://login.microsoftonline.com",
  resourceManager: "https://management.azure.com",
  audience: "https://management.azure.com",
  batchSuffix: ".batch.azure.com",
  ...keyVaultsAt("vault.azure.net"),
  skipsInstanceDiscovery: false,
};

const CHINA: Cloud = {
  name: "AzureChinaCloud",
  authorityHost: "https://login.chinacloudapi.cn",
  resourceManager: "https://management.chinacloudapi.cn",
  audience: "https://management.chinacloudapi.cn",
  batchSuffix: ".batch.chinacloudapi.cn",
  ...keyVaultsAt("vault.azure.cn"),
  skipsInstanceDiscovery: false,
};

const US_GOVERNMENT: Cloud = {
  name: "AzureUSGovernment",
  authorityHost: "https://login.microsoftonline.us",
  resourceManager: "https://management.usgovcloudapi.net",
  audience: "https://management.usgovcloudapi.net",
  batchSuffix: ".batch.usgovcloudapi.net",
  ...keyVaultsAt("vault.usgovcloudapi.net"),
  skipsInstanceDiscovery: false,
};

/**
 * The names that azure-native takes for `environment`, in lower case; those of the Azure CLI and
 * of metadata hosts are among them.
 */
const BY_NAME: ReadonlyMap<string, Cloud> = new Map([
  ["public", PUBLIC],
  ["azurecloud", PUBLIC],
  ["china", CHINA],
  ["azurechinacloud", CHINA],
  ["usgov", US_GOVERNMENT],
  ["usgovernment", US_GOVERNMENT],
  ["azureusgovernment", US_GOVERNMENT],
  ["azureusgovernmentcloud", US_GOVERNMENT],
  ["usgovernmentl4", US_GOVERNMENT],
]);

/** Where the management endpoints of the well-known clouds are: that in use, and the older one. */
const MANAGEMENT_HOSTS: ReadonlyMap<Cloud, readonly string[]> = new Map([
  [PUBLIC, ["management.azure.com", "management.core.windows.net"]],
  [CHINA, ["management.chinacloudapi.cn", "management.core.chinacloudapi.cn"]],
  [US_GOVERNMENT, ["management.usgovcloudapi.net", "management.core.usgovcloudapi.net"]],
]);

/** The hosts that sign in to a well-known cloud, by every name that a service may call them. */
const AUTHORITY_HOSTS: readonly (readonly string[])[] = [
  ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
  ["login.microsoftonline.us", "login.usgovcloudapi.net"],
];

/** Whether a URL leads to where the cloud signs in, whatever the tenant. */
export function isAuthority({ authorityHost }: Cloud, url: string): boolean {
  const own = new URL(authorityHost).host;
  const hosts = AUTHORITY_HOSTS.find((names) => names.includes(own)) ?? [own];
  return URL.canParse(url) && url.startsWith("https://") && hosts.includes(new URL(url).host);
}

/** One of Microsoft's own clouds, or undefined if the name is none of theirs. */
export function wellKnownCloud(name: string): Cloud | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** @throws NotSentError that lists the known names. */
export function cloudByName(name: string): Cloud {
  const cloud = wellKnownCloud(name);
  if (cloud === undefined) {
    throw new NotSentError(
      `unknown Azure environment ${JSON.stringify(name)}`,
      'use "public", "china" or "usgovernment", or name the cloud\'s metadata host with ARM_METADATA_HOSTNAME',
    );
  }
  return cloud;
}

/** Whether two names are of one cloud, whoever gave them. */
export function isSameCloud(one: string, other: string): boolean {
  const [first, second] = [one, other].map((name) => wellKnownCloud(name)?.name ?? name);
  return first?.toLowerCase() === second?.toLowerCase();
}

/**
 * The cloud that a metadata host describes (`GET /metadata/endpoints?api-version=2022-09-01`).
 * Every endpoint must be https: tokens and keys travel to them. A host that says it describes one
 * of Microsoft's clouds is taken at its word only if it names that cloud's Resource Manager, and
 * then for nothing more.
 * @param environment the cloud that is configured by name as well, or "".
 * @throws an Error that names the property which is missing or wrong.
 */
export function cloudFromMetadata(document: unknown, environment: string): Cloud {
  const authentication = property(document, "authentication");
  const audiences = property(authentication, "audiences");
  const described: Cloud = {
    name: redact(requiredText(document, "name")),
    authorityHost: httpsUrl(authentication, "loginEndpoint"),
    resourceManager: httpsUrl(document, "resourceManager"),
    audience: withoutTrailingSlash(requiredText(audiences, "0")),
    batchSuffix: undefined,
    ...keyVaultsAt(keyVaultSuffix(property(document, "suffixes"), "keyVaultDns")),
    skipsInstanceDiscovery: true,
  };
  const claimed = wellKnownCloud(described.name);
  if (claimed === undefined) return described;
  const configured = wellKnownCloud(environment);
  if (configured !== undefined && configured !== claimed) {
    throw new Error(
      `it describes ${claimed.name}, but the configured environment is ${JSON.stringify(environment)} (${configured.name})`,
    );
  }
  const { host } = new URL(described.resourceManager);
  if (MANAGEMENT_HOSTS.get(claimed)?.includes(host) !== true) {
    throw new Error(
      `it says that it describes ${claimed.name}, but its "resourceManager" is ${redact(host)}, which is not that cloud's`,
    );
  }
  return { ...claimed, skipsInstanceDiscovery: true };
}

/**
 * A cloud that a user has registered with the Azure CLI, as `az cloud show` describes it.
 * @throws an Error that names the property which is missing or wrong.
 */
export function cloudFromAzureCli(name: string, shown: unknown): Cloud {
  const endpoints = property(shown, "endpoints");
  return {
    name: redact(name),
    authorityHost: httpsUrl(endpoints, "activeDirectory"),
    resourceManager: httpsUrl(endpoints, "resourceManager"),
    audience: withoutTrailingSlash(requiredText(endpoints, "activeDirectoryResourceId")),
    batchSuffix: undefined,
    ...keyVaultsAt(keyVaultSuffix(property(shown, "suffixes"), "keyvaultDns")),
    skipsInstanceDiscovery: false,
  };
}

/** @param suffix undefined where none is known: then the tokens are for what the public cloud's are. */
function keyVaultsAt(
  suffix: string | undefined,
): Pick<Cloud, "keyVaultSuffix" | "keyVaultAudience"> {
  return {
    keyVaultSuffix: suffix,
    keyVaultAudience: `https://${suffix ?? "vault.azure.net"}`,
  };
}

/** As a cloud tells it, with a period in front or without; undefined where it tells none. */
function keyVaultSuffix(suffixes: unknown, name: string): string | undefined {
  const suffix = text(suffixes, name).replace(/^\./, "").toLowerCase();
  if (suffix === "") return undefined;
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(suffix)) {
    throw new Error(`${JSON.stringify(name)} is not what the names of hosts end with`);
  }
  return suffix;
}

function httpsUrl(value: unknown, name: string): string {
  const found = requiredText(value, name);
  const url = URL.canParse(found) ? new URL(found) : undefined;
  if (url?.protocol !== "https:" || url.username + url.password + url.search + url.hash !== "") {
    throw new Error(`${JSON.stringify(name)} is not a plain https URL`);
  }
  return withoutTrailingSlash(url.href);
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
