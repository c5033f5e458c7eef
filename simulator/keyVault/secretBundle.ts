import type { Secret, SecretVersion } from "./secret";
import type { SimulatedVault } from "./vault";

/** A version of a secret as the vault's own service answers it; the value is left to its caller. */
export function secretBundle(vault: SimulatedVault, { name }: Secret, version: SecretVersion) {
  return {
    id: `${vault.uri}secrets/${name}/${version.version}`,
    ...(version.contentType !== undefined && { contentType: version.contentType }),
    attributes: { ...version.attributes, ...recovery(vault) },
    ...(version.tags && { tags: version.tags }),
  };
}

/** A secret as lists have it: its newest version, with an id that names none. */
export function secretItem(vault: SimulatedVault, secret: Secret) {
  return { ...newestBundle(vault, secret), id: `${vault.uri}secrets/${secret.name}` };
}

/** What is answered to a deletion, and of a deleted secret then. */
export function deletedSecretBundle(vault: SimulatedVault, secret: Secret) {
  return { ...deletion(vault, secret), ...newestBundle(vault, secret) };
}

export function deletedSecretItem(vault: SimulatedVault, secret: Secret) {
  return { ...deletion(vault, secret), ...secretItem(vault, secret) };
}

export function newestBundle(vault: SimulatedVault, secret: Secret) {
  return secretBundle(vault, secret, secret.newest);
}

function deletion({ uri }: SimulatedVault, { name, deletion: dates }: Secret) {
  return { recoveryId: `${uri}deletedsecrets/${name}`, ...dates };
}

function recovery({ retentionDays, isPurgeProtected }: SimulatedVault) {
  const level = retentionDays < 90 ? "CustomizedRecoverable" : "Recoverable";
  return {
    recoveryLevel: isPurgeProtected ? level : `${level}+Purgeable`,
    recoverableDays: retentionDays,
  };
}
