import type { AuthenticationMode } from "./account";
import type { ThrottleOptions } from "./throttle";

/** How the simulator behaves. */
export interface SimulatorOptions {
  /**
   * Whether Resource Manager throttles; true for Azure's own limits.
   * @default false
   */
  readonly throttle?: ThrottleOptions | boolean;
  /**
   * What every request waits before it is looked at, in milliseconds.
   * @default 0
   */
  readonly latencyMs?: number;
  /**
   * Accounts on a page of a list.
   * @default 100
   */
  readonly pageSize?: number;
  /**
   * What creating and deleting an account takes, in milliseconds. Even at 0 the first answer
   * is a 202.
   * @default 0
   */
  readonly longRunningOperationMs?: number;
  /**
   * The Retry-After between the polls of such an operation, in seconds. (Azure says 15.)
   * At 0 clients fall back on an interval of their own, which may be long.
   * @default 1
   */
  readonly longRunningRetryAfterSeconds?: number;
  /**
   * What passes until the data plane takes a regenerated key, in milliseconds. The key that it
   * replaces stops working at once.
   * @default 0
   */
  readonly keyPropagationMs?: number;
  /**
   * What deleting and recovering a secret takes, in milliseconds: until then the secret is neither
   * found, nor can it be written.
   * @default 0
   */
  readonly secretDeletionMs?: number;
  /**
   * The suffix of key vaults' hosts that the cloud's metadata tells, as `suffixes.keyVaultDns`;
   * null for a cloud that tells none. Vaults' tokens are for `https://` and the suffix, or for
   * https://vault.azure.net.
   * @default "localhost", where the vaults are
   */
  readonly keyVaultDns?: string | null;
  /**
   * How long an access token is good for, in seconds.
   * @default 3599
   */
  readonly tokenLifetimeSeconds?: number;
  /**
   * The clock, in milliseconds since 1970: throttling, key propagation, token expiry and
   * long-running operations go by it. Latency and faults wait in real time.
   * @default Date.now
   */
  readonly now?: () => number;
}

/** What an ID token says that is to be exchanged for an access token. */
export interface FederatedTokenOptions {
  /** @default "api://AzureADTokenExchange", the audience of the federated credential */
  readonly audience?: string;
  /**
   * @default "repo:octo-org/octo-repo:ref:refs/heads/main", the subject of the federated credential
   */
  readonly subject?: string;
  /**
   * How long the token is good for, in seconds; negative for one that has expired already.
   * @default 300
   */
  readonly lifetimeSeconds?: number;
}

/** A key vault to start with. */
export interface VaultOptions {
  readonly name: string;
  /** @default "simulator" */
  readonly resourceGroupName?: string;
  /** @default the simulator's subscription; another one is added to it. */
  readonly subscriptionId?: string;
  /** @default "westeurope" */
  readonly location?: string;
}

/** A Batch account to start with. */
export interface AccountOptions {
  readonly name: string;
  /** @default "simulator" */
  readonly resourceGroupName?: string;
  /** @default the simulator's subscription; another one is added to it. */
  readonly subscriptionId?: string;
  /** @default "westeurope" */
  readonly location?: string;
  /**
   * null for an account that does not tell.
   * @default ["SharedKey", "AAD", "TaskAuthenticationToken"]
   */
  readonly allowedAuthenticationModes?: readonly AuthenticationMode[] | null;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Further properties as in a PUT request, `autoStorage` for instance. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Where an account is moved to. */
export interface MoveOptions {
  /** @default the one that it is in */
  readonly resourceGroupName?: string;
  /** @default the one that it is in; another one is added to the simulator's. */
  readonly subscriptionId?: string;
}
