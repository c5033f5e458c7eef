import { minutes } from "../http/retry";
import { OTHER_CLOUD, OTHER_TENANT } from "./challenge";
import type { VaultRefusal } from "./vaultRefusal";

const ROLE = "the role Key Vault Secrets Officer";

/** By inner codes, and by the codes that begin the messages of a 401. */
const BY_CODE: readonly (readonly [RegExp, (vault: string) => string])[] = [
  [
    /^ForbiddenByRbac$/,
    (vault) =>
      `give the identity ${ROLE} on the vault ${vault}; a new role assignment takes a few minutes to work`,
  ],
  [
    /^(AccessDenied|ForbiddenByPolicy)$/,
    (vault) =>
      `give the identity the secret permissions Get, List, Set and Recover in the access policies of the vault ${vault}, or, where the vault uses Azure RBAC, ${ROLE}`,
  ],
  [
    /^ForbiddenByFirewall$/,
    (vault) =>
      `add this machine's address to the firewall of the vault ${vault}, or run from a network that it allows: a role does not help`,
  ],
  [
    /^ForbiddenByConnection$/,
    (vault) =>
      `run from a network with a private endpoint of the vault ${vault}, or enable its public network access: a role does not help`,
  ],
  [
    /^SecretDisabled$/,
    () => `enable the secret's newest version, or delete the secret: a later update writes it anew`,
  ],
  [
    /^(ObjectIsDeletedButRecoverable|ObjectIsBeing(Deleted|Recovered))$/,
    () =>
      `Key Vault is still deleting or recovering the secret: run "pulumi up" again in a few minutes`,
  ],
  [/^AKV10032\b/, () => OTHER_TENANT],
  [/^AKV10022\b/, () => OTHER_CLOUD],
];

/**
 * What a user does about a key vault's refusal.
 * @param vault its origin.
 */
export function vaultRemediation(refusal: VaultRefusal, vault: string): string {
  const { status, innerCode, message, retryAfter } = refusal;
  const [, advice] =
    BY_CODE.find(([pattern]) => pattern.test(innerCode) || pattern.test(message)) ?? [];
  if (advice !== undefined) return advice(vault);
  switch (status) {
    case 401:
      return "check that environment or metadataHost names the vault's cloud, and this machine's clock; if the identity's sessions were revoked, it has to sign in again";
    case 403:
      return `give the identity ${ROLE} on the vault ${vault}, and check the vault's access policies, its firewall and the message above`;
    case 404:
      return `somebody has deleted the secret meanwhile: run "pulumi refresh", then try again`;
    case 409:
      return `another operation on the secret is under way: wait for it, then run "pulumi up" again`;
    case 429:
      return `the vault's request limit is used up: run "pulumi up" again in ${minutes(retryAfter)}`;
    default:
      return status >= 500 || status === 408
        ? `Key Vault could not answer: run "pulumi up" again in ${minutes(retryAfter)}`
        : "correct what the message names";
  }
}
