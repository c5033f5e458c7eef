import { SECRET_OUTPUTS } from "../rotation/properties";
import { secretValue } from "./secretValues";

/**
 * Outputs with the keys among them marked as secrets, for the engine: it encrypts them in state, and
 * gives them to hooks as secrets, whatever a program asks for.
 */
export function withSecretKeys(outputs: object): object {
  const marked: Record<string, unknown> = { ...outputs };
  for (const name of SECRET_OUTPUTS) {
    if (name in marked) marked[name] = secretValue(marked[name]);
  }
  return marked;
}
