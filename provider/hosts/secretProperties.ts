import { SECRET_OUTPUTS } from "../rotation/properties";
import { secretValue } from "./secretValues";

/** The names of the account's keys: secrets, whatever a program, or an import, makes of them. */
const KEYS = new Set<string>(SECRET_OUTPUTS);

/**
 * Properties with the secrets among them marked for the engine, which encrypts them in state and gives
 * them to hooks as secrets. The keys are always marked.
 * @param secrets the names of others that are secrets, because the program's are.
 */
export function withSecrets(
  properties: object,
  secrets: ReadonlySet<string> = new Set(),
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries<unknown>({ ...properties }).map(([name, value]) => [
      name,
      KEYS.has(name) || secrets.has(name) ? secretValue(value) : value,
    ]),
  );
}
