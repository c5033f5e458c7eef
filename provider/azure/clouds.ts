import { redact } from "./redact";
import { property } from "./json";

/** What differs from one Azure cloud to another. */
export interface Cloud {
  /** As azure-native's `environment` names it, or as a metadata host names itself. */
  readonly name: string;
  /** Where Microsoft Entra ID signs in. */
  readonly authorityHost: string;
  /** The origin of Azure Resource Manager, without a trailing slash. */
  readonly resourceManager: string;
  /** The audience that Azure Resource Manager's tokens are for. */
  readonly audience: string;
  /**
   * The suffix every Batch account's endpoint in this cloud ends with; undefined under a metadata
   * host, which knows none: there an account's endpoint is what its Resource Manager says it is.
   */
  readonly batchSuffix: string | undefined;
  /** Whether the cloud was described by a metadata host of the user's. */
  readonly fromMetadataHost: boolean;
}

const PUBLIC: Cloud = {
  name: "public",
  authorityHost: "https://login.microsoftonline.com",
  resourceManager: "https://management.azure.com",
  audience: "https://management.azure.com",
  batchSuffix: ".batch.azure.com",
  fromMetadataHost: false,
};

const CHINA: Cloud = {
  name: "china",
  authorityHost: "https://login.chinacloudapi.cn",
  resourceManager: "https://management.chinacloudapi.cn",
  audience: "https://management.chinacloudapi.cn",
  batchSuffix: ".batch.chinacloudapi.cn",
  fromMetadataHost: false,
};

const US_GOVERNMENT: Cloud = {
  name: "usgovernment",
  authorityHost: "https://login.microsoftonline.us",
  resourceManager: "https://management.usgovcloudapi.net",
  audience: "https://management.usgovcloudapi.net",
  batchSuffix: ".batch.usgovcloudapi.net",
  fromMetadataHost: false,
};

/** The names that azure-native takes for `environment`, in lower case. */
const BY_NAME: ReadonlyMap<string, Cloud> = new Map([
  ["", PUBLIC],
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

/** @throws an Error that lists the known names. */
export function cloudByName(name: string): Cloud {
  const cloud = BY_NAME.get(name.toLowerCase());
  if (cloud === undefined) {
    throw new Error(
      `unknown Azure environment ${JSON.stringify(name)}: use "public", "china" or "usgovernment", or name the cloud's metadata host with ARM_METADATA_HOSTNAME`,
    );
  }
  return cloud;
}

/**
 * The cloud that a metadata host describes (`GET /metadata/endpoints?api-version=2022-09-01`).
 * Every endpoint must be https: tokens and keys travel to them.
 * @throws an Error that names the property which is missing or wrong.
 */
export function cloudFromMetadata(document: unknown): Cloud {
  const authentication = property(document, "authentication");
  const audiences = property(authentication, "audiences");
  return {
    name: redact(text(document, "name")),
    authorityHost: httpsUrl(authentication, "loginEndpoint"),
    resourceManager: httpsUrl(document, "resourceManager"),
    audience: withoutTrailingSlash(text(audiences, "0")),
    batchSuffix: undefined,
    fromMetadataHost: true,
  };
}

function text(value: unknown, name: string): string {
  const found = property(value, name);
  if (typeof found !== "string" || found === "") {
    throw new Error(`its answer has no ${JSON.stringify(name)}`);
  }
  return found;
}

function httpsUrl(value: unknown, name: string): string {
  const found = text(value, name);
  const url = URL.canParse(found) ? new URL(found) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.search + url.hash !== "") {
    throw new Error(`its ${JSON.stringify(name)} is not a plain https URL`);
  }
  return withoutTrailingSlash(url.href);
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
