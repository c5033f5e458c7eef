import type { PipelineResponse } from "@azure/core-rest-pipeline";
import { type Cloud, isAuthority } from "../clouds";
import { jsonIfAny, text } from "../json";
import { redact } from "../redact";

/** What a vault asks for where it answers 401: a token from this authority for this resource. */
export interface Challenge {
  readonly authority: string;
  readonly resource: string;
}

/** A vault asks for a token that it does not get; the message says for which. */
export class ChallengeRefused extends Error {
  constructor(
    problem: string,
    readonly next: string,
  ) {
    super(`${problem}, and got none`);
  }
}

export const OTHER_CLOUD =
  "check vaultUri, and that environment or metadataHost names the vault's cloud";
export const OTHER_TENANT =
  "the vault is in another tenant than the identity: use a vault of the identity's tenant, or sign in to the vault's (tenantId)";

/**
 * Undefined where an answer has no challenge.
 * https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses#authentication
 */
export function readChallenge({ status, headers }: PipelineResponse): Challenge | undefined {
  const header = headers.get("WWW-Authenticate") ?? "";
  if (status !== 401 || !/^Bearer\b/i.test(header)) return undefined;
  const parameter = (name: string) => new RegExp(`\\b${name}="([^"]*)"`, "i").exec(header)?.[1];
  return {
    authority: parameter("authorization") ?? parameter("authorization_uri") ?? "",
    resource: parameter("resource") ?? parameter("scope")?.replace(/\/\.default$/, "") ?? "",
  };
}

/** @throws ChallengeRefused unless it asks for what this cloud's vaults take. */
export function checkChallenge({ authority, resource }: Challenge, cloud: Cloud): void {
  const { name, keyVaultAudience } = cloud;
  if (resource.replace(/\/$/, "").toLowerCase() !== keyVaultAudience) {
    throw new ChallengeRefused(
      `it asks for a token for "${redact(resource)}", not for ${keyVaultAudience}`,
      OTHER_CLOUD,
    );
  }
  if (!isAuthority(cloud, authority)) {
    throw new ChallengeRefused(
      `it asks for a token from "${redact(authority)}", which does not sign in to cloud ${name}`,
      OTHER_CLOUD,
    );
  }
}

/**
 * @param token what signs in, in an Authorization header. Its tenant is told by no setting: the
 *   Azure CLI and managed identities have their own, and tenantId may be a domain's name.
 * @throws ChallengeRefused unless the challenge asks for one of its tenant.
 */
export function checkTenant({ authority }: Challenge, token: string): void {
  const [, payload = ""] = token.split(".");
  const own = text(jsonIfAny(Buffer.from(payload, "base64url").toString()), "tid").toLowerCase();
  const asked = new URL(authority).pathname.split("/")[1]?.toLowerCase() ?? "";
  if (GUID.test(asked) && own !== "" && own !== asked) {
    throw new ChallengeRefused(
      `it asks for a token of tenant ${asked}, not of ${redact(own)}`,
      OTHER_TENANT,
    );
  }
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
