/** What is known of one version of a secret, without its value. */
export interface SecretVersion {
  /** Key Vault's id of the version. */
  readonly version: string;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Fingerprint of its value; undefined where the value was not read, or cannot be: it is disabled. */
  readonly valueFingerprint: string | undefined;
}

/** What a new version of a secret is to hold. */
export interface SecretToWrite {
  readonly value: string;
  readonly contentType: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly expiresOn: Date | undefined;
}

/** One secret of one key vault, as one signed-in identity sees it. */
export interface KeyVaultSecret {
  /** `https://…/secrets/<name>`, without a version. */
  readonly uri: string;
  /**
   * The newest version, enabled or not; "Deleted" for a soft-deleted secret; undefined where there
   * is none.
   * @throws AzureError, NotSentError
   */
  newest(): Promise<SecretVersion | "Deleted" | undefined>;
  /** Brings a soft-deleted secret back. @throws AzureError, NotSentError */
  recover(): Promise<void>;
  /**
   * Adds a version, of whose id it tells; a secret that is soft-deleted is recovered first. Written
   * twice, a value makes two versions of the same, which does no harm.
   * @throws AzureError, NotSentError
   */
  write(secret: SecretToWrite): Promise<string>;
  /**
   * Every version, newest first, without values and their fingerprints.
   * @throws AzureError, NotSentError
   */
  versions(): Promise<readonly SecretVersion[]>;
  /** @throws AzureError, NotSentError */
  disable(version: string): Promise<void>;
}
