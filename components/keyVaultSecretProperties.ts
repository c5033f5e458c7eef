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

/** The tag that tells how long the credential is valid, in whole days; none without a schedule. */
export function validityPeriodDays(
  decidedAt: string,
  nextRotationAt: string | undefined,
): { ValidityPeriodDays?: string } {
  if (nextRotationAt === undefined) return {};
  const days = (Date.parse(nextRotationAt) - Date.parse(decidedAt)) / 86_400_000;
  return { ValidityPeriodDays: String(Math.max(1, Math.round(days))) };
}
