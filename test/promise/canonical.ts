import { fingerprint } from "../../provider/rotation/outputs";
import type { Situation } from "./history";
import { keyText } from "./modelledAzure";

const DAY = 86_400_000;

/**
 * A text that is the same for situations that go on in the same way: keys are named in the order in
 * which they are met, versions and generations are counted from the state's own, and of times only
 * their order and whether the schedule is due matters.
 */
export function canonical({ account, resource, finished, ...rest }: Situation): string {
  const keys = new Names();
  const times = new Names();
  const version = Number(resource?.inputs["version"] ?? 0);
  const generation = Number(resource?.inputs["generation"] ?? 0);
  const plain = (properties: object | undefined) =>
    properties &&
    Object.entries(properties).map(([name, value]) => {
      if (/^(primaryKey|secondaryKey|currentKey|previousKey)$/.test(name)) return keys.of(value);
      if (name.endsWith("Fingerprint")) return keys.of(keyOf(value, account.made));
      if (/^rotatedAt$|^previousKeyRevokedAt$|^nextRotationAt$/.test(name)) return "";
      if (name === "accountId") return value === account.id;
      if (name === "secretVersion") return value !== undefined;
      if (name === "resourceGroupName") return "";
      if (name === "version") return Number(value) - version;
      if (name === "generation") return Number(value) - generation;
      if (name === "rotationDecidedAt") {
        const age = rest.now - Date.parse(String(value));
        return [times.of(value), age >= 2.9 * DAY, age >= 6.9 * DAY];
      }
      return value as unknown;
    });
  const stored = account.secret.map(({ value, enabled, tags }) => [
    keys.of(value),
    enabled,
    tags["CredentialId"],
    tags["ProviderAddress"] === account.id,
    Number(tags["Generation"]) - generation,
    versionOf(tags["VersionFingerprint"]) - version,
  ]);
  return JSON.stringify([
    rest.usesVault,
    // Of older versions only those matter that are enabled.
    stored.filter(([, enabled], index) => enabled === true || index === stored.length - 1),
    account.secretIsDeleted,
    resource?.outputs["secretVersion"] === String(stored.length - 1),
    keys.of(account.Primary),
    keys.of(account.Secondary),
    plain(resource?.inputs),
    plain(resource?.outputs),
    resource?.initErrors,
    plain(finished),
    rest.version - version,
    rest.version === 1,
    rest.halfFailedVersion === undefined ? "" : rest.halfFailedVersion - version,
    rest.revokeOnDelete,
    rest.isListed,
    rest.spoilt,
    rest.faults,
  ]);
}

/** The key whose fingerprint a value is. */
function keyOf(value: unknown, made: number): string | undefined {
  for (let index = BY_FINGERPRINT.size; index < made; index += 1) {
    BY_FINGERPRINT.set(fingerprint(keyText(index)), keyText(index));
  }
  return BY_FINGERPRINT.get(String(value));
}

const BY_FINGERPRINT = new Map<string, string>();

/** The version whose fingerprint a tag is: versions are small numbers here. */
function versionOf(tag: string | undefined): number {
  return FINGERPRINTS.indexOf(tag ?? "");
}

const FINGERPRINTS = Array.from({ length: 12 }, (_, version) => fingerprint(String(version)));

class Names {
  readonly #names = new Map<unknown, number>();

  of(value: unknown): number {
    const known = this.#names.get(value) ?? this.#names.size;
    this.#names.set(value, known);
    return known;
  }
}
