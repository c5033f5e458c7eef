import { randomBytes } from "node:crypto";

/** What can be said of a version of a secret; times in seconds since 1970. */
export interface SecretAttributes {
  /** @default true */
  readonly enabled?: boolean;
  /** When the secret expires. Key Vault tells it, and answers the value all the same. */
  readonly exp?: number;
  /** When the secret starts to be valid. */
  readonly nbf?: number;
}

/** What a version of a secret has beside its value. */
export interface SecretProperties {
  readonly contentType?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly attributes?: SecretAttributes;
}

/** One version of a secret: Key Vault keeps a value and what is said of it together. */
export interface SecretVersion {
  /** 32 hexadecimal digits, the end of the version's URI. */
  readonly version: string;
  readonly value: string;
  readonly contentType: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly attributes: SecretAttributes & {
    readonly enabled: boolean;
    readonly created: number;
    readonly updated: number;
  };
}

/**
 * Where a secret stands. A "Deleted" one can be recovered or purged; one that is "Deleting" or
 * "Recovering" is neither there nor deleted yet.
 */
export type SecretState = "Active" | "Deleting" | "Deleted" | "Recovering";

const SECONDS_OF_A_DAY = 24 * 60 * 60;

/** What a secret gets from the vault it is in. */
export interface SecretSurroundings {
  /** What deleting and recovering take, in milliseconds. */
  readonly deletionMs: number;
  readonly now: () => number;
}

/** A secret with its versions, of which it has one at least. */
export class Secret {
  readonly name: string;
  readonly #versions: SecretVersion[];
  readonly #surroundings: SecretSurroundings;
  #newest: SecretVersion;
  #isDeleted = false;
  /** When the deletion or the recovery under way is over, in milliseconds since 1970. */
  #settledAt = 0;
  #deletedDate = 0;
  #scheduledPurgeDate = Infinity;

  constructor(
    name: string,
    first: { readonly value: string; readonly properties: SecretProperties },
    surroundings: SecretSurroundings,
  ) {
    this.name = name;
    this.#surroundings = surroundings;
    this.#newest = newVersion(first.value, first.properties, this.#seconds);
    this.#versions = [this.#newest];
  }

  /** Oldest first. */
  get versions(): readonly SecretVersion[] {
    return this.#versions;
  }

  get newest(): SecretVersion {
    return this.#newest;
  }

  get state(): SecretState {
    const isSettled = this.#surroundings.now() >= this.#settledAt;
    if (this.#isDeleted) return isSettled ? "Deleted" : "Deleting";
    return isSettled ? "Active" : "Recovering";
  }

  /** Both in seconds since 1970. */
  get deletion(): { readonly deletedDate: number; readonly scheduledPurgeDate: number } {
    return { deletedDate: this.#deletedDate, scheduledPurgeDate: this.#scheduledPurgeDate };
  }

  /** Whether the vault has purged the secret by itself, at the end of the retention. */
  get isPurged(): boolean {
    return this.#isDeleted && this.#seconds >= this.#scheduledPurgeDate;
  }

  /** @param version "" for the newest. */
  find(version: string): SecretVersion | undefined {
    return version === "" ? this.#newest : this.#versions.find((each) => each.version === version);
  }

  /** Adds a version, even of the value that the secret has already. */
  add(value: string, properties: SecretProperties): void {
    this.#newest = newVersion(value, properties, this.#seconds);
    this.#versions.push(this.#newest);
  }

  /** Changes what the properties name of a version, and leaves the rest. */
  update(old: SecretVersion, properties: SecretProperties): SecretVersion {
    const changed = {
      ...old,
      contentType: properties.contentType ?? old.contentType,
      tags: properties.tags ?? old.tags,
      attributes: { ...old.attributes, ...properties.attributes, updated: this.#seconds },
    };
    this.#versions[this.#versions.indexOf(old)] = changed;
    if (old === this.#newest) this.#newest = changed;
    return changed;
  }

  delete(retentionDays: number): void {
    this.#isDeleted = true;
    this.#deletedDate = this.#seconds;
    this.#scheduledPurgeDate = this.#deletedDate + retentionDays * SECONDS_OF_A_DAY;
    this.#settle();
  }

  recover(): void {
    this.#isDeleted = false;
    this.#settle();
  }

  #settle(): void {
    const { now, deletionMs } = this.#surroundings;
    this.#settledAt = now() + deletionMs;
  }

  get #seconds(): number {
    return Math.floor(this.#surroundings.now() / 1000);
  }
}

/** @param now in seconds since 1970. */
function newVersion(
  value: string,
  { contentType, tags, attributes }: SecretProperties,
  now: number,
): SecretVersion {
  return {
    version: randomBytes(16).toString("hex"),
    value,
    contentType,
    tags,
    attributes: { enabled: true, ...attributes, created: now, updated: now },
  };
}
