// Made of provider/schema.json by "npm run schema": change it there.

/** A value that the service names today, or one that a later version may add. */
type Open<Known extends string> = Known | (string & {});

/**
 * A Batch account as API version 2024-07-01 describes it, in azure-native's names: what the service
 * has under `properties` stands beside `id` and `name`. A property that the service leaves out (or
 * answers as null) is absent. Properties that are not listed here are kept in the object.
 *
 * https://learn.microsoft.com/rest/api/batchmanagement/batch-account/get#batchaccount
 */
export interface BatchAccount {
  /**
   * The account's ARM id,
   * `/subscriptions/…/resourceGroups/…/providers/Microsoft.Batch/batchAccounts/…`.
   */
  readonly id: string;
  /** The account's name, unique in its region; part of its endpoint's name. */
  readonly name: string;
  /** `Microsoft.Batch/batchAccounts`. */
  readonly type: string;
  /** The account's region. */
  readonly location: string;
  /** The account's tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The account's own identities. */
  readonly identity?: Identity;
  /** Who created the account and who changed it last, as far as Resource Manager recorded it. */
  readonly systemData?: SystemData;
  /** Host of the account's data plane, e.g. `myaccount.westeurope.batch.azure.com`. */
  readonly accountEndpoint?: string;
  /** Host at which compute nodes reach the Batch node management service. */
  readonly nodeManagementEndpoint?: string;
  /** How far creating, changing or deleting the account has come. */
  readonly provisioningState?: Open<
    "Invalid" | "Creating" | "Deleting" | "Succeeded" | "Failed" | "Cancelled"
  >;
  /**
   * Who owns the virtual machines of the account's pools: a subscription of the Batch service, or
   * the user's own (which clients sign in to with Microsoft Entra ID only).
   */
  readonly poolAllocationMode?: Open<"BatchService" | "UserSubscription">;
  /** The key vault of an account whose pools are in the user's subscription. */
  readonly keyVaultReference?: KeyVaultReference;
  /**
   * Whether the account can be reached from public networks. `SecuredByPerimeter`: what its network
   * security perimeter allows.
   */
  readonly publicNetworkAccess?: Open<"Enabled" | "Disabled" | "SecuredByPerimeter">;
  /** Which addresses can reach the account; only takes effect when public access is enabled. */
  readonly networkProfile?: NetworkProfile;
  /** The private endpoints that are connected to the account. */
  readonly privateEndpointConnections?: readonly PrivateEndpointConnection[];
  /** The storage account that goes with the Batch account. */
  readonly autoStorage?: AutoStorage;
  /** With whose key the account's data is encrypted. */
  readonly encryption?: Encryption;
  /**
   * Dedicated cores that the account's pools may have. Absent in mode `UserSubscription`, where the
   * subscription has the quota.
   */
  readonly dedicatedCoreQuota?: number;
  /** The same for each family of virtual machines; absent in mode `UserSubscription`. */
  readonly dedicatedCoreQuotaPerVMFamily?: readonly VirtualMachineFamilyCoreQuota[];
  /**
   * Whether the quota of a family counts beside `dedicatedCoreQuota`. If not, dedicated cores are
   * limited by `dedicatedCoreQuota` alone.
   */
  readonly dedicatedCoreQuotaPerVMFamilyEnforced?: boolean;
  /** Low-priority (Spot) cores that the account's pools may have; absent as above. */
  readonly lowPriorityCoreQuota?: number;
  /** Pools that the account may have. */
  readonly poolQuota?: number;
  /** Jobs and job schedules that may be active in the account at once. */
  readonly activeJobAndJobScheduleQuota?: number;
  /**
   * How clients may sign in to the account's data plane; keys work only with `SharedKey`. The
   * management of the account is not concerned.
   */
  readonly allowedAuthenticationModes?: readonly Open<
    "SharedKey" | "AAD" | "TaskAuthenticationToken"
  >[];
}

/**
 * The account's identities, needed for encryption with a customer's key and for an auto-storage
 * account used by managed identity.
 */
interface Identity {
  readonly type: Open<"SystemAssigned" | "UserAssigned" | "None">;
  /** The system-assigned identity's principal. */
  readonly principalId?: string;
  /** The system-assigned identity's tenant. */
  readonly tenantId?: string;
  /** The user-assigned identities, by their ARM id. */
  readonly userAssignedIdentities?: Readonly<Record<string, UserAssignedIdentity>>;
}

interface UserAssignedIdentity {
  readonly clientId?: string;
  readonly principalId?: string;
}

interface SystemData {
  /** UTC, ISO 8601. */
  readonly createdAt?: string;
  readonly createdBy?: string;
  readonly createdByType?: Open<"User" | "Application" | "ManagedIdentity" | "Key">;
  /** UTC, ISO 8601. */
  readonly lastModifiedAt?: string;
  readonly lastModifiedBy?: string;
  readonly lastModifiedByType?: Open<"User" | "Application" | "ManagedIdentity" | "Key">;
}

interface KeyVaultReference {
  /** The key vault's ARM id. */
  readonly id: string;
  /** The key vault's URL. */
  readonly url: string;
}

interface NetworkProfile {
  /** For the account's data plane. */
  readonly accountAccess?: EndpointAccessProfile;
  /** For the node management service, which compute nodes call. */
  readonly nodeManagementAccess?: EndpointAccessProfile;
}

interface EndpointAccessProfile {
  /** What happens to a client that no rule matches. */
  readonly defaultAction: Open<"Allow" | "Deny">;
  readonly ipRules?: readonly IPRule[];
}

interface IPRule {
  /** What happens to a client with such an address. */
  readonly action: Open<"Allow">;
  /** An IPv4 address, or a range of them in CIDR notation. */
  readonly value: string;
}

interface PrivateEndpointConnection {
  /** The connection's ARM id. */
  readonly id: string;
  readonly name: string;
  /** `Microsoft.Batch/batchAccounts/privateEndpointConnections`. */
  readonly type: string;
  /** Changes with every change of the connection. */
  readonly etag?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly systemData?: SystemData;
  readonly provisioningState?: Open<
    "Creating" | "Updating" | "Deleting" | "Succeeded" | "Failed" | "Cancelled"
  >;
  readonly privateEndpoint?: PrivateEndpoint;
  /** The one sub-resource that the endpoint is for: `batchAccount` or `nodeManagement`. */
  readonly groupIds?: readonly string[];
  /** Whether the account's owner has agreed to the connection. */
  readonly privateLinkServiceConnectionState?: PrivateLinkServiceConnectionState;
}

interface PrivateEndpoint {
  /** The private endpoint's ARM id. */
  readonly id?: string;
}

interface PrivateLinkServiceConnectionState {
  readonly status: Open<"Approved" | "Pending" | "Rejected" | "Disconnected">;
  readonly description?: string;
  /** What the owner has to do. */
  readonly actionsRequired?: string;
}

interface AutoStorage {
  /** The storage account's ARM id. */
  readonly storageAccountId: string;
  /** How the Batch service signs in to the storage account. */
  readonly authenticationMode?: Open<"StorageKeys" | "BatchAccountManagedIdentity">;
  /** The identity with which compute nodes sign in to it; their pool must have it, too. */
  readonly nodeIdentityReference?: ComputeNodeIdentityReference;
  /** When the Batch service last took over the storage account's keys; UTC, ISO 8601. */
  readonly lastKeySync?: string;
}

interface ComputeNodeIdentityReference {
  /** The user-assigned identity's ARM id. */
  readonly resourceId?: string;
}

interface Encryption {
  /** Microsoft's own key, or one in the customer's key vault. */
  readonly keySource?: Open<"Microsoft.Batch" | "Microsoft.KeyVault">;
  /** Which key, with key source `Microsoft.KeyVault`. */
  readonly keyVaultProperties?: KeyVaultProperties;
}

interface KeyVaultProperties {
  /** The key's URL, with or without a version. */
  readonly keyIdentifier?: string;
}

interface VirtualMachineFamilyCoreQuota {
  /** The family's name, e.g. `standardDv3Family`. */
  readonly name: string;
  /** Dedicated cores of the family. */
  readonly coreQuota: number;
}
