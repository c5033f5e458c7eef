import type { TokenCredential } from "@azure/core-auth";
import type {
  PipelinePolicy,
  PipelineRequest,
  PipelineResponse,
  SendRequest,
} from "@azure/core-rest-pipeline";
import type { Cloud } from "../clouds";
import { bearerTokens } from "../http/bearerTokens";
import {
  type Challenge,
  ChallengeRefused,
  checkChallenge,
  checkTenant,
  readChallenge,
} from "./challenge";

/**
 * Signs requests to key vaults. Each vault is first asked, without a token and a body, what token it
 * takes: one that does not ask for the token which it would get is sent neither that nor a key, and
 * never another.
 */
export function vaultSignIn(cloud: Cloud, credential: TokenCredential): PipelinePolicy {
  const tokens = bearerTokens(credential, cloud.keyVaultAudience);
  const challenges = new Map<string, Challenge>();
  return {
    name: tokens.name,
    async sendRequest(request, next) {
      const { host } = new URL(request.url);
      let challenge = challenges.get(host);
      if (challenge === undefined) {
        const response = await withoutBody(request, next);
        if (response.status < 300) throw new ChallengeRefused("it asks for no token", NOT_A_VAULT);
        challenge = readChallenge(response);
        if (challenge === undefined) return response;
        checkChallenge(challenge, cloud);
        challenges.set(host, challenge);
      }
      const asked = challenge;
      return tokens.sendRequest(request, (signed) => {
        checkTenant(asked, signed.headers.get("Authorization") ?? "");
        return next(signed);
      });
    },
  };
}

async function withoutBody(request: PipelineRequest, next: SendRequest): Promise<PipelineResponse> {
  const { body } = request;
  delete request.body;
  try {
    return await next(request);
  } finally {
    if (body !== undefined) request.body = body;
  }
}

const NOT_A_VAULT = "check that vaultUri is a key vault's, and that no proxy changes its answers";
