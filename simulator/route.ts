import { type IncomingHttpHeaders } from "node:http";
import { type Failure } from "./failure";

/**
 * What a request asks for. The names of Batch account operations stand alone
 * (`get` is a GET of an account, `list` covers the subscription and the resource group). Those of
 * a secret in the vault's own service have VaultSecret in them; `getSecret`, `putSecret`,
 * `deleteSecret` and `listSecrets` go by Resource Manager. A vault's clients send their first request
 * without a token, for the `vaultChallenge` that it is answered.
 */
export type OperationName =
  | "metadata"
  | "openIdConfiguration"
  | "token"
  | "managedIdentityToken"
  | "githubIdToken"
  | "listTenants"
  | "listSubscriptions"
  | "getSubscription"
  | "listResourceGroups"
  | "getResourceGroup"
  | "putResourceGroup"
  | "deleteResourceGroup"
  | "list"
  | "get"
  | "create"
  | "update"
  | "delete"
  | "listKeys"
  | "regenerateKeys"
  | "operationResult"
  | "listVaults"
  | "getVault"
  | "putVault"
  | "deleteVault"
  | "listSecrets"
  | "getSecret"
  | "putSecret"
  | "deleteSecret"
  | "vaultChallenge"
  | "setVaultSecret"
  | "getVaultSecret"
  | "updateVaultSecret"
  | "listVaultSecrets"
  | "listVaultSecretVersions"
  | "deleteVaultSecret"
  | "getDeletedVaultSecret"
  | "listDeletedVaultSecrets"
  | "recoverVaultSecret"
  | "purgeVaultSecret"
  | "dataPlane"
  | "unknown";

/** A request after routing. */
export interface RoutedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The values of the `{placeholders}` in the route's path. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** An HTTP response; the body is sent as JSON, an absent one as no content. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Instead of an answer: the socket closes, as when a host is out of reach. */
export const connectionReset = Symbol("connectionReset");

export type Answer = Reply | typeof connectionReset;

/** What the routes of one service (Resource Manager, Entra ID, Batch, Key Vault) have in common. */
export interface Service {
  /** What a request asks for, where its route does not tell. */
  operation?(request: RoutedRequest): OperationName | undefined;
  /** The id of the Batch account that a request is about. */
  accountId?(request: RoutedRequest): string | undefined;
  /** The id of the key vault that a request is about. */
  vaultId?(request: RoutedRequest): string | undefined;
  /** The headers that every response of this service carries. */
  headers(request: RoutedRequest): Record<string, string>;
  /** A failure in this service's own words. */
  errorBody(failure: Failure): unknown;
}

/** One operation at one address. */
export interface Route {
  readonly operation: OperationName;
  readonly method: string;
  /** Literal segments, matched without case, and `{placeholders}`. */
  readonly path: string;
  readonly service: Service;
  /** Does what the request asks and answers it, or throws a {@link Failure}. */
  answer(request: RoutedRequest): Answer;
}
