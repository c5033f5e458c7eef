import { TokenBucket, type TokenBucketOptions } from "../tokenBucket";
import type { Secret, SecretProperties, SecretState, SecretVersion } from "./secret";
import { Secrets } from "./secrets";

/** What a PUT of a secret by Resource Manager may say. */
export interface SecretRequestBody {
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Omit<SecretProperties, "tags"> & { readonly value?: string };
}

/** What a PUT of a vault may say. */
export interface VaultRequestBody {
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Where a vault is to be. */
export interface VaultScope {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly name: string;
  readonly location: string;
}

/** What a vault gets from the simulator it lives in. */
export interface VaultSurroundings {
  /** The port at which the vault answers. */
  readonly port: number;
  readonly tenantId: string;
  readonly secretDeletionMs: number;
  readonly now: () => number;
}

/** How a vault answers clients that come over the public network. */
export type PublicAccess = "Allowed" | "RefusedByFirewall" | "Disabled";

/** Azure's own retention, unless the vault has another. */
const RETENTION_DAYS = 90;

/** A key vault of the simulator, with its secrets: its state, and the means to look at and to disturb it. */
export class SimulatedVault {
  /** The Resource Manager id. */
  readonly id: string;
  /** Its name, of which no other vault has the like. */
  readonly name: string;
  /** Its subscription. */
  readonly subscriptionId: string;
  /** Its resource group. */
  readonly resourceGroupName: string;
  /** Its region. */
  readonly location: string;
  /** `https://localhost:PORT/`, the vault's own service: each vault has a port of its own. */
  readonly uri: string;
  /**
   * Data actions that the credentials lack on this vault's secrets, such as
   * `Microsoft.KeyVault/vaults/secrets/setSecret/action`, or `Microsoft.KeyVault/vaults/secrets/*`
   * for all; they fail with 403 ForbiddenByRbac.
   */
  readonly deniedActions = new Set<string>();
  /** @internal */
  readonly secrets: Secrets;

  readonly #now: () => number;
  #requestLimit: TokenBucket | undefined;
  #tags: Readonly<Record<string, string>> | undefined;
  #properties: Readonly<Record<string, unknown>>;

  /** @internal Vaults are made by `Simulator.createVault` and by PUT requests. */
  constructor(scope: VaultScope, { port, tenantId, secretDeletionMs, now }: VaultSurroundings) {
    this.subscriptionId = scope.subscriptionId;
    this.resourceGroupName = scope.resourceGroupName;
    this.name = scope.name;
    this.location = scope.location;
    this.id = vaultId(scope);
    this.uri = `https://localhost:${String(port)}/`;
    this.secrets = new Secrets({ deletionMs: secretDeletionMs, now });
    this.#now = now;
    this.#properties = {
      tenantId,
      sku: { family: "A", name: "standard" },
      accessPolicies: [],
      enabledForDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: RETENTION_DAYS,
      publicNetworkAccess: "Enabled",
    };
  }

  /** The value of a secret's newest version, enabled or not; undefined if there is no such secret. */
  secretValue(secretName: string): string | undefined {
    return this.secrets.findActive(secretName)?.newest.value;
  }

  /** Every version of a secret, oldest first; those of a deleted one, too, until it is purged. */
  secretVersions(secretName: string): readonly SecretVersion[] {
    return this.secrets.find(secretName)?.versions ?? [];
  }

  /** Whether a secret is there; undefined for one that never was, or has been purged. */
  secretState(secretName: string): SecretState | undefined {
    return this.secrets.find(secretName)?.state;
  }

  /** The secrets that are there: none that is deleted. */
  get secretNames(): string[] {
    return this.secrets.active.map(({ name }) => name);
  }

  /** Adds a version, even of the value that the secret has already, as Azure does at each PUT. */
  putSecret(secretName: string, value: string, properties: SecretProperties = {}): SecretVersion {
    return this.secrets.set(secretName, value, properties).newest;
  }

  /**
   * Changes what is said of a version: `{ attributes: { enabled: false } }` disables it.
   * @param version without one, the newest.
   */
  updateSecret(secretName: string, properties: SecretProperties, version?: string): SecretVersion {
    const found = this.secrets.existing(secretName, version);
    return found.secret.update(found.version, properties);
  }

  /** Deletes a secret with all its versions; it can be recovered until it is purged. */
  deleteSecret(secretName: string): void {
    this.secrets.existing(secretName).secret.delete(this.retentionDays);
  }

  /** Brings a deleted secret back, with all its versions. */
  recoverSecret(secretName: string): void {
    this.secrets.existingDeleted(secretName).recover();
  }

  /** Deletes a deleted secret for good, whatever protection the vault has. */
  purgeSecret(secretName: string): void {
    this.secrets.purge(this.secrets.existingDeleted(secretName));
  }

  /**
   * Throttles the vault's own service: what the bucket does not admit fails with 429 Throttled and
   * a Retry-After. Undefined admits everything, as in the beginning.
   */
  limitRequests(bucket: TokenBucketOptions | undefined): void {
    this.#requestLimit = bucket && new TokenBucket(bucket, this.#now);
  }

  /** @internal Undefined for a request that is admitted; else the seconds to wait. */
  takeRequest(): number | undefined {
    return this.#requestLimit?.take();
  }

  /**
   * Changes what the body names and leaves the rest: `{ properties: { networkAcls: { defaultAction:
   * "Deny" } } }` puts up a firewall, `publicNetworkAccess: "Disabled"` shuts everybody out, and
   * `enablePurgeProtection: true` refuses to purge.
   */
  update(body: VaultRequestBody): void {
    this.#tags = body.tags ?? this.#tags;
    this.#properties = { ...this.#properties, ...body.properties };
  }

  /** The tenant whose tokens the vault takes. */
  get tenantId(): string {
    return String(this.#properties["tenantId"]);
  }

  /** Whether secrets can be purged only by the end of their retention. */
  get isPurgeProtected(): boolean {
    return this.#properties["enablePurgeProtection"] === true;
  }

  /** How long a deleted secret can be recovered. */
  get retentionDays(): number {
    return Number(this.#properties["softDeleteRetentionInDays"]);
  }

  /** @internal @param address that of the client. */
  publicAccess(address: string): PublicAccess {
    if (this.#properties["publicNetworkAccess"] === "Disabled") return "Disabled";
    const acls = this.#properties["networkAcls"] as NetworkAcls | undefined;
    const isNamed = acls?.ipRules?.some(({ value }) => [address, `${address}/32`].includes(value));
    return acls?.defaultAction === "Deny" && !isNamed ? "RefusedByFirewall" : "Allowed";
  }

  /** The vault as GET answers it. */
  resource() {
    return {
      id: this.id,
      name: this.name,
      type: "Microsoft.KeyVault/vaults",
      location: this.location,
      ...(this.#tags && { tags: this.#tags }),
      properties: {
        ...this.#properties,
        vaultUri: this.uri,
        provisioningState: "Succeeded",
      },
    };
  }

  /** @internal A secret as a GET by Resource Manager answers it: without its value. */
  secretResource({ name, newest }: Secret) {
    const { version, contentType, tags, attributes } = newest;
    const secretUri = `${this.uri}secrets/${name}`;
    return {
      id: `${this.id}/secrets/${name}`,
      name,
      type: "Microsoft.KeyVault/vaults/secrets",
      location: this.location,
      ...(tags && { tags }),
      properties: {
        ...(contentType !== undefined && { contentType }),
        attributes,
        secretUri,
        secretUriWithVersion: `${secretUri}/${version}`,
      },
    };
  }
}

/** As far as it concerns clients by their addresses. */
interface NetworkAcls {
  readonly defaultAction?: string;
  readonly ipRules?: readonly { readonly value: string }[];
}

/** The Resource Manager id of a vault. */
export function vaultId(scope: Omit<VaultScope, "location">): string {
  return (
    `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroupName}` +
    `/providers/Microsoft.KeyVault/vaults/${scope.name}`
  );
}
