import type { Situation } from "./history";

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
      if (/Fingerprint$|^rotatedAt$|^previousKeyRevokedAt$|^nextRotationAt$/.test(name)) return "";
      if (name === "accountId") return value === account.id;
      if (name === "resourceGroupName") return "";
      if (name === "version") return Number(value) - version;
      if (name === "generation") return Number(value) - generation;
      if (name === "rotationDecidedAt") {
        const age = rest.now - Date.parse(String(value));
        return [times.of(value), age >= 2.9 * DAY, age >= 6.9 * DAY];
      }
      return value as unknown;
    });
  return JSON.stringify([
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

class Names {
  readonly #names = new Map<unknown, number>();

  of(value: unknown): number {
    const known = this.#names.get(value) ?? this.#names.size;
    this.#names.set(value, known);
    return known;
  }
}
