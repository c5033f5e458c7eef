import { randomBytes } from "node:crypto";

/** What follows a vault's name in the address of its own service, which the simulator lacks. */
export const keyVaultDnsSuffix = "vault.localhost";

/** One version of a secret: Key Vault keeps a value and what is said of it together. */
export interface SecretVersion {
  /** 32 hexadecimal digits, the end of the version's URI. */
  readonly version: string;
  readonly value: string;
  readonly contentType: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Times in seconds since 1970. */
  readonly attributes: SecretAttributes & { readonly created: number; readonly updated: number };
}

interface SecretAttributes {
  readonly enabled?: boolean;
  /** When the secret expires. */
  readonly exp?: number;
  /** When the secret starts to be valid. */
  readonly nbf?: number;
}

/** What a PUT of a secret may say. */
export interface SecretRequestBody {
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: {
    readonly value?: string;
    readonly contentType?: string;
    readonly attributes?: SecretAttributes;
  };
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

interface Secret {
  readonly name: string;
  readonly versions: SecretVersion[];
}

/** A key vault of the simulator, with its secrets. */
export class SimulatedVault {
  /** The Resource Manager id. */
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly location: string;

  readonly #now: () => number;
  /** By name in lower case: Key Vault matches names without case. */
  readonly #secrets = new Map<string, Secret>();
  #tags: Readonly<Record<string, string>> | undefined;
  #properties: Readonly<Record<string, unknown>> = {
    sku: { family: "A", name: "standard" },
    accessPolicies: [],
    enabledForDeployment: false,
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    publicNetworkAccess: "Enabled",
  };

  /** @internal Vaults are made by `Simulator.createVault` and by PUT requests. */
  constructor(scope: VaultScope, now: () => number) {
    this.subscriptionId = scope.subscriptionId;
    this.resourceGroupName = scope.resourceGroupName;
    this.name = scope.name;
    this.location = scope.location;
    this.id = vaultId(scope);
    this.#now = now;
  }

  /** The value of a secret's current version; undefined if there is no such secret. */
  secretValue(secretName: string): string | undefined {
    return this.secretVersions(secretName).at(-1)?.value;
  }

  /** Every version of a secret, oldest first. */
  secretVersions(secretName: string): readonly SecretVersion[] {
    return this.#secrets.get(secretName.toLowerCase())?.versions ?? [];
  }

  get secretNames(): string[] {
    return [...this.#secrets.values()].map(({ name }) => name);
  }

  /**
   * Deletes a secret, which Resource Manager cannot: Azure does it in the vault's own service.
   * What is deleted is gone; soft delete is not simulated.
   */
  deleteSecret(secretName: string): void {
    this.#secrets.delete(secretName.toLowerCase());
  }

  /** Adds a version, even of the value that the secret has already, as Azure does at each PUT. */
  putSecret(secretName: string, value: string, { tags, properties }: SecretRequestBody): void {
    const key = secretName.toLowerCase();
    const secret = this.#secrets.get(key) ?? { name: secretName, versions: [] };
    const now = Math.floor(this.#now() / 1000);
    secret.versions.push({
      version: randomBytes(16).toString("hex"),
      value,
      contentType: properties?.contentType,
      tags,
      attributes: { enabled: true, ...properties?.attributes, created: now, updated: now },
    });
    this.#secrets.set(key, secret);
  }

  /** Changes what the body names and leaves the rest. */
  update(body: VaultRequestBody): void {
    this.#tags = body.tags ?? this.#tags;
    this.#properties = { ...this.#properties, ...body.properties };
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
        vaultUri: this.#uri,
        provisioningState: "Succeeded",
      },
    };
  }

  /** A secret as GET answers it: without its value. */
  secretResource(secretName: string) {
    const secret = this.#secrets.get(secretName.toLowerCase());
    const current = secret?.versions.at(-1);
    if (!secret || !current) {
      return undefined;
    }
    const { version, contentType, tags, attributes } = current;
    const secretUri = `${this.#uri}secrets/${secret.name}`;
    return {
      id: `${this.id}/secrets/${secret.name}`,
      name: secret.name,
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

  get #uri(): string {
    return `https://${this.name.toLowerCase()}.${keyVaultDnsSuffix}/`;
  }
}

/** The Resource Manager id of a vault. */
export function vaultId(scope: Omit<VaultScope, "location">): string {
  return (
    `/subscriptions/${scope.subscriptionId}/resourceGroups/${scope.resourceGroupName}` +
    `/providers/Microsoft.KeyVault/vaults/${scope.name}`
  );
}
