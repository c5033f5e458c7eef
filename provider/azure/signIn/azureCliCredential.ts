import type { TokenCredential } from "@azure/core-auth";
import type { AzureCli } from "./azureCli";
import { claimsChallenge } from "./azureCliFailure";

/**
 * Tokens of who is signed in to the Azure CLI, which caches them itself.
 * @param subscription the configured one, or "".
 * @throws SignInProblem, as does its getToken.
 */
export async function azureCliCredential(
  cli: AzureCli,
  subscription: string,
): Promise<TokenCredential> {
  // Named only where the CLI would take another, as azure-native does.
  const { isDefault } = await cli.account(subscription);
  return {
    async getToken(scopes, { claims = "" } = {}) {
      const scope = String(Array.isArray(scopes) ? scopes[0] : scopes);
      if (claims.trim() !== "") throw claimsChallenge(claims, scope);
      return cli.token(scope.replace(/\/\.default$/, ""), isDefault ? "" : subscription);
    },
  };
}
