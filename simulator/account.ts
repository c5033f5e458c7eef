import { randomUUID } from "node:crypto";
import { AccountKeys, type KeyName, type KeyPair } from "./accountKeys";

/** How a Batch account can be signed in to on the data plane. */
export type AuthenticationMode = "SharedKey" | "AAD" | "TaskAuthenticationToken";

/** The state of an account's data plane: in order, out of reach, or refusing every key. */
export type DataPlaneState = "Available" | "Unreachable" | "Rejecting";

/** One regeneration of one key. */
export interface Regeneration {
  readonly keyName: KeyName;
  readonly at: Date;
  /** A `regenerateKeys` request, or the test itself ("OutOfBand"). */
  readonly origin: "Request" | "OutOfBand";
}

/** What a PUT or a PATCH of a Batch account may say. */
export interface AccountRequestBody {
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Which resource group an account is in: all that a move changes. */
export interface ResourceGroupScope {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
}

/** What an account gets from the simulator it lives in. */
export interface AccountSurroundings {
  /** Host and port of the data plane. */
  readonly accountEndpoint: string;
  readonly keyPropagationMs: number;
  readonly now: () => number;
}

/** A Batch account of the simulator: its state, and the means to look at and to disturb it. */
export class SimulatedAccount {
  /** Its name, of which no other account has the like. */
  readonly name: string;
  /** Its region. */
  readonly location: string;
  /**
   * Actions that the credentials lack on this account, such as
   * `Microsoft.Batch/batchAccounts/regenerateKeys/action`; they fail with 403 AuthorizationFailed.
   */
  readonly deniedActions = new Set<string>();
  /**
   * A ReadOnly lock: every write, `listKeys` and `regenerateKeys` fail with 409 ScopeLocked.
   * @default false
   */
  locked = false;
  /**
   * `"Available"`, `"Unreachable"`, or `"Rejecting"`, which refuses every key.
   * @default "Available"
   */
  dataPlane: DataPlaneState = "Available";
  /**
   * Whether lists have the account: Resource Manager's have been seen to leave out what is there.
   * @default true
   */
  listed = true;

  readonly #keys: AccountKeys;
  readonly #regenerations: Regeneration[] = [];
  readonly #surroundings: AccountSurroundings;
  readonly #nodeManagementId = randomUUID();
  readonly #readyAt: number;
  #scope: ResourceGroupScope;
  #goneAt = Infinity;
  #tags: Readonly<Record<string, string>> | undefined;
  #identity: unknown = { type: "None" };
  #properties: Readonly<Record<string, unknown>> = {
    poolAllocationMode: "BatchService",
    publicNetworkAccess: "Enabled",
    privateEndpointConnections: [],
    encryption: { keySource: "Microsoft.Batch" },
    allowedAuthenticationModes: ["SharedKey", "AAD", "TaskAuthenticationToken"],
  };

  /** @internal Accounts are made by `Simulator.createAccount` and by PUT requests. */
  constructor(
    scope: { subscriptionId: string; resourceGroupName: string; name: string; location: string },
    readyAt: number,
    surroundings: AccountSurroundings,
  ) {
    this.name = scope.name;
    this.location = scope.location;
    this.#scope = scope;
    this.#readyAt = readyAt;
    this.#surroundings = surroundings;
    this.#keys = new AccountKeys(surroundings.now());
  }

  /** The Resource Manager id; another one after a move. */
  get id(): string {
    return accountId({ ...this.#scope, name: this.name });
  }

  /** Its subscription; another one after a move. */
  get subscriptionId(): string {
    return this.#scope.subscriptionId;
  }

  /** Its resource group; another one after a move. */
  get resourceGroupName(): string {
    return this.#scope.resourceGroupName;
  }

  /** Both keys, as `listKeys` would answer them. */
  keys(): KeyPair {
    return this.#keys.pair;
  }

  /** Whether the data plane takes the key that `listKeys` answers under this name, by now. */
  keyWorks(keyName: KeyName): boolean {
    const { primary, secondary } = this.keys();
    return this.accepts(keyName === "Primary" ? primary : secondary);
  }

  /** Whether the data plane takes this very key, by now. */
  accepts(key: string): boolean {
    return this.acceptedKeys().includes(key);
  }

  /** The keys that the data plane takes by now. Out of reach, it would still take them. */
  acceptedKeys(): string[] {
    const usable = this.dataPlane !== "Rejecting" && this.allowsSharedKey;
    return usable ? this.#keys.acceptedAt(this.#surroundings.now()) : [];
  }

  /** Regenerates a key behind the back of the program under test. */
  regenerate(keyName: KeyName, origin: Regeneration["origin"] = "OutOfBand"): void {
    const now = this.#surroundings.now();
    this.#keys.regenerate(keyName, now + this.#surroundings.keyPropagationMs);
    this.#regenerations.push({ keyName, at: new Date(now), origin });
  }

  /** Every regeneration of a key, oldest first, and by whom. */
  get regenerations(): readonly Regeneration[] {
    return this.#regenerations;
  }

  /**
   * Whether `allowedAuthenticationModes` has SharedKey. An account that tells none allows it, unless
   * its pools are in the user's subscription: what Azure does with the keys of those is not known.
   */
  get allowsSharedKey(): boolean {
    const modes = this.#properties["allowedAuthenticationModes"];
    return Array.isArray(modes) ? modes.includes("SharedKey") : !this.#poolsAreTheUsers;
  }

  /** Changes what the body names and leaves the rest, as PATCH does. */
  update(body: AccountRequestBody): void {
    this.#tags = body.tags ?? this.#tags;
    this.#identity = body.identity ?? this.#identity;
    this.#properties = { ...this.#properties, ...body.properties };
  }

  /** @internal See `Simulator.moveAccount`. */
  move(to: ResourceGroupScope): void {
    this.#scope = to;
  }

  /** Deletes the account, now or at a moment in milliseconds since 1970. */
  delete(goneAt = this.#surroundings.now()): void {
    this.#goneAt = Math.min(this.#goneAt, goneAt);
  }

  /** Whether it has not been deleted, by now. */
  get exists(): boolean {
    return this.#surroundings.now() < this.#goneAt;
  }

  /** The account as GET answers it. */
  resource() {
    return {
      id: this.id,
      name: this.name,
      type: "Microsoft.Batch/batchAccounts",
      location: this.location,
      properties: {
        ...this.#properties,
        ...this.#autoStorage(),
        accountEndpoint: this.#surroundings.accountEndpoint,
        nodeManagementEndpoint: `${this.#nodeManagementId}.${this.location}.service.localhost`,
        provisioningState: this.#provisioningState(),
        ...this.#coreQuotas(),
        poolQuota: 100,
        activeJobAndJobScheduleQuota: 300,
      },
      identity: this.#identity,
      ...(this.#tags && { tags: this.#tags }),
    };
  }

  get #poolsAreTheUsers(): boolean {
    return this.#properties["poolAllocationMode"] === "UserSubscription";
  }

  /** Of pools in the user's subscription, that has the quotas. */
  #coreQuotas() {
    if (this.#poolsAreTheUsers) return {};
    return {
      dedicatedCoreQuota: 500,
      dedicatedCoreQuotaPerVMFamily: [
        { name: "standardAv2Family", coreQuota: 500 },
        { name: "standardDv2Family", coreQuota: 250 },
        { name: "standardDv3Family", coreQuota: 500 },
      ],
      dedicatedCoreQuotaPerVMFamilyEnforced: true,
      lowPriorityCoreQuota: 500,
    };
  }

  #provisioningState(): string {
    if (this.#goneAt !== Infinity) {
      return "Deleting";
    }
    return this.#surroundings.now() < this.#readyAt ? "Creating" : "Succeeded";
  }

  /** The service completes an auto-storage account with what it knows of it. */
  #autoStorage() {
    const given = this.#properties["autoStorage"];
    const lastKeySync = new Date(this.#readyAt).toISOString();
    return typeof given === "object" && given !== null
      ? { autoStorage: { lastKeySync, authenticationMode: "StorageKeys", ...given } }
      : {};
  }
}

/** The Resource Manager id of an account. */
export function accountId(scope: {
  subscriptionId: string;
  resourceGroupName: string;
  name: string;
}): string {
  return (
    `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroupName}` +
    `/providers/Microsoft.Batch/batchAccounts/${scope.name}`
  );
}
