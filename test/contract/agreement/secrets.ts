import type { Simulator } from "../../../simulator";
import type { Scenario, Step } from "./scenario";

/** What a caller says of a version of a secret. */
export interface SecretSettings {
  readonly contentType?: string;
  readonly enabled?: boolean;
  /** In seconds since 1970. */
  readonly expires?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One call that every client of a vault's secrets makes. */
export type SecretCall =
  | {
      readonly operation: "set";
      readonly name: string;
      readonly value: string;
      readonly settings: SecretSettings;
    }
  | ({ readonly operation: "get"; readonly name: string } & OfVersion)
  | ({
      readonly operation: "update";
      readonly name: string;
      readonly settings: SecretSettings;
    } & OfVersion)
  | { readonly operation: "list" | "listDeleted" }
  | {
      readonly operation: "listVersions" | "delete" | "getDeleted" | "recover" | "purge";
      readonly name: string;
    };

interface OfVersion {
  /** Counted from the oldest; without it the newest is meant. */
  readonly versionIndex?: number | undefined;
  /** The name of that version, which the simulator makes up. */
  readonly version?: string;
}

export const VAULT = "agreement";

/** A vault with a secret whose value nobody gets. */
function prepare(simulator: Simulator): void {
  simulator.createVault({ name: VAULT }).putSecret("disabled", "unseen", {
    attributes: { enabled: false },
  });
}

const SETTINGS: SecretSettings = {
  contentType: "text/plain",
  expires: 2_000_000_000,
  tags: { CredentialId: "Primary", ValidityPeriodDays: "60" },
};

const CALLS: readonly SecretCall[] = [
  { operation: "get", name: "key" },
  { operation: "set", name: "key", value: "one", settings: SETTINGS },
  { operation: "set", name: "key", value: "two", settings: {} },
  { operation: "set", name: "Key", value: "", settings: { enabled: false } },
  { operation: "set", name: "not_a_name", value: "one", settings: {} },
  { operation: "get", name: "key" },
  { operation: "get", name: "key", versionIndex: 0 },
  { operation: "get", name: "disabled" },
  { operation: "listVersions", name: "key" },
  { operation: "listVersions", name: "missing" },
  { operation: "update", name: "key", settings: { enabled: true, tags: { a: "b" } } },
  { operation: "update", name: "key", versionIndex: 0, settings: { enabled: false } },
  { operation: "update", name: "missing", settings: { enabled: false } },
  { operation: "get", name: "key" },
  { operation: "get", name: "key", versionIndex: 0 },
  { operation: "list" },
  { operation: "getDeleted", name: "key" },
  { operation: "delete", name: "key" },
  { operation: "delete", name: "missing" },
  { operation: "get", name: "key" },
  { operation: "getDeleted", name: "key" },
  { operation: "set", name: "key", value: "three", settings: {} },
  { operation: "list" },
  { operation: "listDeleted" },
  { operation: "recover", name: "key" },
  { operation: "get", name: "key" },
  { operation: "listVersions", name: "key" },
  { operation: "delete", name: "key" },
  { operation: "purge", name: "key" },
  { operation: "recover", name: "key" },
  { operation: "set", name: "key", value: "four", settings: {} },
];

function addressed(simulator: Simulator, call: SecretCall): SecretCall {
  if (call.operation !== "get" && call.operation !== "update") return call;
  const { name, versionIndex } = call;
  if (versionIndex === undefined) return call;
  const version = simulator.vault(VAULT).secretVersions(name)[versionIndex]?.version;
  if (version === undefined) throw new Error(`there is no version for ${JSON.stringify(call)}`);
  return { ...call, version };
}

/** Versions are told by their age: their names are random, and so is the order of their lists. */
function masked(simulator: Simulator, step: Step<SecretCall>): Step<SecretCall> {
  const vault = simulator.vault(VAULT);
  let text = JSON.stringify(step);
  for (const name of ["key", "disabled"]) {
    for (const [index, { version }] of vault.secretVersions(name).entries()) {
      text = text.replaceAll(version, `version ${String(index)} of ${name}`);
    }
  }
  const told = JSON.parse(text) as Step<SecretCall>;
  if (told.call.operation !== "listVersions" || !("result" in told.outcome)) return told;
  const versions = told.outcome.result as { readonly version: string }[];
  const result = versions.toSorted((one, other) => one.version.localeCompare(other.version));
  return { ...told, outcome: { result } };
}

export const SECRETS: Scenario<SecretCall> = {
  calls: CALLS,
  prepare,
  addressed,
  // How often a client looks whether a deletion is done, and asks for the challenge, is its own.
  concerns: ({ vaultId, method, status }) =>
    vaultId !== undefined && method !== "GET" && status !== 401,
  masked,
};
