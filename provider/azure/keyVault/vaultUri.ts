import { vaultUriProblem } from "../../rotation/validation";
import type { Cloud } from "../clouds";
import { NotSentError } from "../errors";
import { redact } from "../redact";

/**
 * The origin of a key vault of this cloud: keys, and the identity's tokens, go nowhere else. In a
 * cloud that does not tell what its vaults' hosts end with, the program's word is taken.
 * @throws NotSentError
 */
export function requireVault({ name, keyVaultSuffix: suffix }: Cloud, vaultUri: string): string {
  const problem = vaultUriProblem(vaultUri);
  if (problem !== undefined) {
    throw new NotSentError(
      `vaultUri ${redact(problem)}`,
      "take it from the vault's properties.vaultUri",
    );
  }
  const { hostname, origin } = new URL(vaultUri);
  if (suffix === undefined || isHostOf(suffix, hostname)) return origin;
  throw new NotSentError(
    `${redact(origin)} is not a key vault of cloud ${name}, whose hosts end with .${suffix}`,
    "check vaultUri, and that environment or metadataHost names the vault's cloud",
  );
}

/** A vault's own name is one label; where all vaults have one host, there is none. */
function isHostOf(suffix: string, hostname: string): boolean {
  const [, rest] = /^[a-z0-9-]+\.(.+)$/.exec(hostname) ?? [];
  return hostname === suffix || rest === suffix;
}
