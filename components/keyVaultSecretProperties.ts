import { programError } from "../provider/program/programError";

/**
 * The name, if Key Vault takes it.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftkeyvault
 * @throws an Error that says which names it takes.
 */
export function requireSecretName(secretName: string): string {
  if (/^[a-zA-Z0-9-]{1,127}$/.test(secretName)) return secretName;
  throw programError(
    `secretName ${JSON.stringify(secretName)} is not a name that Key Vault takes: use 1 to 127 letters, digits and hyphens`,
  );
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
