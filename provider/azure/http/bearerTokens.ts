import type { TokenCredential } from "@azure/core-auth";
import { authorizeRequestOnClaimChallenge } from "@azure/core-client";
import { bearerTokenAuthenticationPolicy, type PipelinePolicy } from "@azure/core-rest-pipeline";

/** Puts a credential's token for one audience on each request. */
export function bearerTokens(credential: TokenCredential, audience: string): PipelinePolicy {
  const scopes = `${audience}/.default`;
  return bearerTokenAuthenticationPolicy({
    credential,
    scopes,
    challengeCallbacks: {
      // The policy itself answers one form of a claims challenge, this the other. Whatever scope a
      // challenge may name, the token stays one for that audience.
      authorizeRequestOnChallenge: (challenge) =>
        authorizeRequestOnClaimChallenge({
          ...challenge,
          getAccessToken: (_, options) =>
            challenge.getAccessToken([scopes], { ...options, enableCae: true }),
        }),
    },
  });
}
