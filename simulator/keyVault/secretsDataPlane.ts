import { randomUUID } from "node:crypto";
import { Failure } from "../failure";
import { jsonBody, parameter } from "../request";
import {
  type Answer,
  connectionReset,
  type OperationName,
  type Reply,
  type Route,
  type RoutedRequest,
  type Service,
} from "../route";
import type { SecretProperties } from "./secret";
import {
  deletedSecretBundle,
  deletedSecretItem,
  newestBundle,
  secretBundle,
  secretItem,
} from "./secretBundle";
import { checkSecretName } from "./secrets";
import type { SimulatedVault } from "./vault";
import {
  CLIENT_ADDRESS,
  described,
  forbidden,
  VaultAccess,
  type VaultAccessOptions,
} from "./vaultAccess";

const SECRET = "/secrets/{secretName}";
const DELETED_SECRET = "/deletedsecrets/{secretName}";

const apiVersions = "2016-10-01 7.0 7.1 7.2 7.3 7.4 7.5 7.6 2025-07-01 2026-04-01".split(" ");

/** What a page of a list has, unless less is asked for. */
const LARGEST_PAGE = 25;

/** What a PUT or a PATCH of a secret may say. */
interface SecretBody extends SecretProperties {
  readonly value?: unknown;
}

/**
 * The secrets of every vault, in the vault's own service: see
 * https://learn.microsoft.com/rest/api/keyvault/secrets/operation-groups. Which vault is meant is
 * told by the port.
 */
export function secretsDataPlaneRoutes(options: VaultAccessOptions): Route[] {
  const service = keyVaultService(options);
  const access = new VaultAccess(options);

  /** @param action the last part of the data action that the caller needs. */
  const route = (
    operation: OperationName,
    [method, path]: readonly [string, string],
    action: string,
    answer: (vault: SimulatedVault, request: RoutedRequest) => Reply,
  ): Route => ({
    operation,
    method,
    path,
    service,
    answer: (request): Answer => {
      const vault = options.store.vaultByHost(request.headers.host);
      // In Azure, the name of a vault that is not there leads nowhere.
      if (!vault) return connectionReset;
      const { secretName } = request.parameters;
      access.check(vault, request, action, secretName);
      checkApiVersion(request);
      if (secretName !== undefined) checkSecretName(secretName);
      return answer(vault, request);
    },
  });

  const read = "getSecret/action";
  const readMetadata = "readMetadata/action";
  const update = "update/action";
  return [
    route("setVaultSecret", ["PUT", SECRET], "setSecret/action", setSecret),
    route("getVaultSecret", ["GET", SECRET], read, getSecret),
    route("getVaultSecret", ["GET", `${SECRET}/{version}`], read, getSecret),
    route("updateVaultSecret", ["PATCH", SECRET], update, updateSecret),
    route("updateVaultSecret", ["PATCH", `${SECRET}/{version}`], update, updateSecret),
    route("listVaultSecretVersions", ["GET", `${SECRET}/versions`], readMetadata, listVersions),
    route("listVaultSecrets", ["GET", "/secrets"], readMetadata, listSecrets),
    route("deleteVaultSecret", ["DELETE", SECRET], "delete", deleteSecret),
    route("getDeletedVaultSecret", ["GET", DELETED_SECRET], readMetadata, getDeletedSecret),
    route("listDeletedVaultSecrets", ["GET", "/deletedsecrets"], readMetadata, listDeletedSecrets),
    route("recoverVaultSecret", ["POST", `${DELETED_SECRET}/recover`], "recover/action", recover),
    route("purgeVaultSecret", ["DELETE", DELETED_SECRET], "purge/action", purge),
  ];
}

function keyVaultService({ store }: VaultAccessOptions): Service {
  return {
    // Apart, so that a fault befalls the request that has an effect, whatever the client knows yet.
    operation: ({ headers }) =>
      headers.authorization === undefined ? "vaultChallenge" : undefined,
    vaultId: ({ headers }) => store.vaultByHost(headers.host)?.id,
    headers: ({ headers }) => {
      const clientRequestId = headers["x-ms-client-request-id"];
      return {
        "Cache-Control": "no-cache",
        "Content-Type": "application/json; charset=utf-8",
        Expires: "-1",
        Pragma: "no-cache",
        "Strict-Transport-Security": "max-age=31536000;includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "x-ms-keyvault-network-info": `conn_type=Ipv4;addr=${CLIENT_ADDRESS};act_addr_fam=InterNetwork;`,
        "x-ms-keyvault-region": store.vaultByHost(headers.host)?.location ?? "",
        "x-ms-keyvault-service-version": "1.9.3019.1",
        "x-ms-request-id": randomUUID(),
        ...(typeof clientRequestId === "string" && { "x-ms-client-request-id": clientRequestId }),
      };
    },
    errorBody: ({ code, message, details: { innerCode } }) => ({
      error: { code, message, ...(innerCode !== undefined && { innererror: { code: innerCode } }) },
    }),
  };
}

/** Azure's own words are not documented. */
function checkApiVersion({ url }: RoutedRequest): void {
  if (!apiVersions.includes(url.searchParams.get("api-version") ?? "")) {
    const message = `The api-version is missing or none of '${apiVersions.join(", ")}'.`;
    throw new Failure(400, "BadParameter", message);
  }
}

function setSecret(vault: SimulatedVault, request: RoutedRequest): Reply {
  const { value, ...properties } = secretBody(request);
  if (typeof value !== "string") {
    // Azure's own words are not documented.
    throw new Failure(400, "BadParameter", "Property value is required.");
  }
  const set = vault.secrets.set(parameter(request, "secretName"), value, properties);
  return ok({ value, ...newestBundle(vault, set) });
}

function getSecret(vault: SimulatedVault, request: RoutedRequest): Reply {
  const found = existing(vault, request);
  if (!found.version.attributes.enabled) {
    throw forbidden("SecretDisabled", ["Operation get is not allowed on a disabled secret."]);
  }
  const { value } = found.version;
  return ok({ value, ...secretBundle(vault, found.secret, found.version) });
}

function updateSecret(vault: SimulatedVault, request: RoutedRequest): Reply {
  const found = existing(vault, request);
  const changed = found.secret.update(found.version, secretBody(request));
  return ok(secretBundle(vault, found.secret, changed));
}

/** Of no secret, there are no versions: the service does not answer 404. */
function listVersions(vault: SimulatedVault, request: RoutedRequest): Reply {
  const found = vault.secrets.findActive(parameter(request, "secretName"));
  if (!found) return page(vault, request, []);
  // By name, as the service does: no client may take the last for the newest.
  const versions = found.versions.toSorted((one, other) => (one.version < other.version ? -1 : 1));
  return page(
    vault,
    request,
    versions.map((version) => secretBundle(vault, found, version)),
  );
}

function listSecrets(vault: SimulatedVault, request: RoutedRequest): Reply {
  const items = vault.secrets.active.map((each) => secretItem(vault, each));
  return page(vault, request, items);
}

function deleteSecret(vault: SimulatedVault, request: RoutedRequest): Reply {
  const found = existing(vault, request).secret;
  found.delete(vault.retentionDays);
  return ok(deletedSecretBundle(vault, found));
}

function getDeletedSecret(vault: SimulatedVault, request: RoutedRequest): Reply {
  return ok(deletedSecretBundle(vault, existingDeleted(vault, request)));
}

function listDeletedSecrets(vault: SimulatedVault, request: RoutedRequest): Reply {
  const items = vault.secrets.deleted.map((each) => deletedSecretItem(vault, each));
  return page(vault, request, items);
}

function recover(vault: SimulatedVault, request: RoutedRequest): Reply {
  const found = existingDeleted(vault, request);
  found.recover();
  return ok(newestBundle(vault, found));
}

function purge(vault: SimulatedVault, request: RoutedRequest): Reply {
  const found = existingDeleted(vault, request);
  if (vault.isPurgeProtected) {
    throw forbidden(undefined, [
      'Operation "purge" is not allowed because purge protection is enabled for this vault. Key ' +
        "Vault service will automatically purge it after the retention period has passed.",
      described(vault),
    ]);
  }
  vault.secrets.purge(found);
  return { status: 204 };
}

function existing(vault: SimulatedVault, request: RoutedRequest) {
  const { version } = request.parameters;
  return vault.secrets.existing(parameter(request, "secretName"), version);
}

function existingDeleted(vault: SimulatedVault, request: RoutedRequest) {
  return vault.secrets.existingDeleted(parameter(request, "secretName"));
}

/** What the body says of a secret, without what only the service says. */
function secretBody(request: RoutedRequest): SecretBody {
  const { value, contentType, tags, attributes } = jsonBody<SecretBody>(request);
  const { enabled, exp, nbf } = attributes ?? {};
  return {
    value,
    ...(contentType !== undefined && { contentType }),
    ...(tags && { tags }),
    attributes: {
      ...(enabled !== undefined && { enabled }),
      ...(exp !== undefined && { exp }),
      ...(nbf !== undefined && { nbf }),
    },
  };
}

/** A page of a list, and the address of the next if there are more. */
function page(vault: SimulatedVault, { url }: RoutedRequest, items: readonly unknown[]): Reply {
  const size = Number(url.searchParams.get("maxresults") ?? LARGEST_PAGE);
  if (!(Number.isInteger(size) && size >= 1 && size <= LARGEST_PAGE)) {
    // Azure's own words are not documented.
    const message = `The maxresults must be between 1 and ${String(LARGEST_PAGE)}.`;
    throw new Failure(400, "BadParameter", message);
  }
  const skipToken = url.searchParams.get("$skiptoken") ?? "";
  const start = Number(Buffer.from(skipToken, "base64url").toString());
  const end = start + size;
  const nextLink = new URL(`${url.pathname}${url.search}`, vault.uri);
  nextLink.searchParams.set("$skiptoken", Buffer.from(String(end)).toString("base64url"));
  nextLink.searchParams.set("maxresults", String(size));
  return ok({
    value: items.slice(start, end),
    nextLink: end < items.length ? nextLink.href : null,
  });
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}
