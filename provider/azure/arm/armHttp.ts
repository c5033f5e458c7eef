import type { TokenCredential } from "@azure/core-auth";
import { authorizeRequestOnClaimChallenge } from "@azure/core-client";
import { bearerTokenAuthenticationPolicy } from "@azure/core-rest-pipeline";
import type { Cloud } from "../cloud/clouds";
import { createHttp, type Http, type HttpOptions } from "../http/client";
import { armError } from "./armError";
import { RequestLimits } from "./requestLimits";

/** The process's, whoever signs in: one caller's refusal is a warning to the next. */
const limits = new RequestLimits();

/** Sends requests to a cloud's Resource Manager as one identity, within the limits for its callers. */
export function createArmHttp(
  cloud: Cloud,
  credential: TokenCredential,
  options: HttpOptions,
): Http {
  const scopes = `${cloud.audience}/.default`;
  const sign = bearerTokenAuthenticationPolicy({
    credential,
    scopes,
    challengeCallbacks: {
      // The policy itself answers one form of a claims challenge, this the other. Whatever scope a
      // challenge may name, the token stays one for Resource Manager.
      authorizeRequestOnChallenge: (challenge) =>
        authorizeRequestOnClaimChallenge({
          ...challenge,
          getAccessToken: (_, options) =>
            challenge.getAccessToken([scopes], { ...options, enableCae: true }),
        }),
    },
  });
  return createHttp(options, {
    sign,
    limits,
    isRefusal: (response) => armError(response) !== undefined,
  });
}
