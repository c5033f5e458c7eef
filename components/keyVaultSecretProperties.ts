import { programError } from "../provider/program/programError";
import { secretNameProblem } from "../provider/rotation/validation";

/**
 * The name, if Key Vault takes it.
 * @throws an Error that says which names it takes.
 */
export function requireSecretName(secretName: string): string {
  const problem = secretNameProblem(secretName);
  if (problem === undefined) return secretName;
  throw programError(`secretName ${problem}`);
}
