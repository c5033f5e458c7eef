import type { Properties } from "../../lifecycle/lifecycle";
import type { CheckFailure } from "../../rotation/decision";
import { INPUT_NAMES } from "../../rotation/inputs";
import { isUnknown } from "../../rotation/unknown";
import { DEFAULT_NAMESPACE } from "../../rotation/validation";
import { PACKAGE } from "./configuration";

const KNOWN = new Set<string>([...INPUT_NAMES, "previewing"]);

/** What is wrong with a program's arguments that the dynamic resource's class would not let through. */
export function argumentFailures(given: Properties, version: string): CheckFailure[] {
  const failures = Object.keys(given)
    .filter((name) => !KNOWN.has(name))
    .map((property) => ({
      property,
      reason: `version ${version} of the plugin ${PACKAGE} has no such argument. If the program's SDK is newer, install the plugin of its version`,
    }));
  const { previewing = false, configNamespace = DEFAULT_NAMESPACE } = given;
  if (typeof previewing !== "boolean" && !isUnknown(previewing)) {
    failures.push({ property: "previewing", reason: "it is not true or false" });
  }
  if (configNamespace !== DEFAULT_NAMESPACE) {
    failures.push({
      property: "configNamespace",
      reason: `the provider plugin reads its own configuration alone (${PACKAGE}:…). For other credentials give the resource an explicit provider of ${PACKAGE}`,
    });
  }
  return failures;
}

/**
 * The accounts that the program of this update has rotations of. Two rotations of one account would
 * invalidate each other's keys. Explicit providers have a process each, and know nothing of one
 * another.
 */
export class ClaimedAccounts {
  readonly #rotatedBy = new Map<string, string>();

  /** @returns why a resource cannot have the account. */
  claim(accountId: unknown, urn: string): CheckFailure | undefined {
    if (typeof accountId !== "string" || isUnknown(accountId)) return undefined;
    const first = this.#rotatedBy.get(accountId.toLowerCase()) ?? urn;
    this.#rotatedBy.set(accountId.toLowerCase(), first);
    if (first === urn) return undefined;
    return {
      property: "accountId",
      reason: `${first} rotates the same account, ${accountId}: each would invalidate the other's keys. Keep one of them and share its outputs`,
    };
  }
}
