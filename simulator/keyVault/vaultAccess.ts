import type { AccountStore } from "../accountStore";
import { Failure } from "../failure";
import type { AccessTokens } from "../identity/accessTokens";
import type { ServicePrincipal } from "../identity/servicePrincipal";
import type { RoutedRequest } from "../route";
import type { SimulatedVault } from "./vault";

export interface VaultAccessOptions {
  readonly url: string;
  readonly store: AccountStore;
  readonly principal: ServicePrincipal;
  readonly tokens: AccessTokens;
  /** The audience of tokens for vaults. */
  readonly audience: string;
  readonly now: () => number;
}

/** All clients come over the loopback interface. */
export const CLIENT_ADDRESS = "127.0.0.1";

const DATA_ACTIONS = "Microsoft.KeyVault/vaults/secrets";

/** Who gets at the secrets of a vault: what its own service checks of every request. */
export class VaultAccess {
  readonly #options: VaultAccessOptions;

  constructor(options: VaultAccessOptions) {
    this.#options = options;
  }

  /**
   * Throws for a request that is not to be answered.
   * @param action what the caller must have the right to, under Microsoft.KeyVault/vaults/secrets.
   * @param secretName the secret that the request is about.
   */
  check(vault: SimulatedVault, request: RoutedRequest, action: string, secretName?: string): void {
    this.#checkToken(vault, request);
    this.#checkNetwork(vault);
    checkRequestLimit(vault);
    this.#checkRole(vault, action, secretName);
  }

  #checkToken(vault: SimulatedVault, { headers }: RoutedRequest): void {
    const { tokens, audience, now } = this.#options;
    const [, text] = /^Bearer (.+)$/i.exec(headers.authorization ?? "") ?? [];
    if (text === undefined) {
      throw this.#unauthorized(vault, "AKV10000: Request is missing a Bearer or PoP token.");
    }
    const token = tokens.read(text);
    if (!token) {
      const message = "AKV10046: Unable to resolve the key used for signature validation.";
      throw this.#unauthorized(vault, message);
    }
    if (token.audience !== audience) {
      const message = `AKV10022: Invalid audience. Expected ${audience}, found: ${token.audience}.`;
      throw this.#unauthorized(vault, message);
    }
    this.#checkIssuer(vault);
    if (token.expiresAt.getTime() <= now()) {
      throw this.#unauthorized(vault, "[TokenExpired] Error validating token: 'S2S12086'.");
    }
    if (token.revoked) throw this.#claimsChallenge();
  }

  #checkIssuer(vault: SimulatedVault): void {
    const { tokens, url } = this.#options;
    const expected = `${url}/${vault.tenantId}/`;
    if (tokens.issuer.toLowerCase() !== expected.toLowerCase()) {
      const message = `AKV10032: Invalid issuer. Expected one of ${expected}, found ${tokens.issuer}.`;
      throw this.#unauthorized(vault, message);
    }
  }

  /** The challenge, from which a client learns where to sign in, and for what. */
  #unauthorized({ tenantId }: SimulatedVault, message: string): Failure {
    const { url, audience } = this.#options;
    const challenge = `Bearer authorization="${url}/${tenantId}", resource="${audience}"`;
    return new Failure(401, "Unauthorized", message, {
      headers: { "WWW-Authenticate": challenge },
    });
  }

  /** Continuous Access Evaluation; the words of the message are not documented. */
  #claimsChallenge(): Failure {
    const { url, tokens } = this.#options;
    const claims = Buffer.from(tokens.sessions.requiredClaims).toString("base64");
    const challenge =
      `Bearer realm="", authorization_uri="${url}/common/oauth2/authorize", ` +
      `error="insufficient_claims", claims="${claims}"`;
    return new Failure(401, "Unauthorized", "The session of the access token has been revoked.", {
      headers: { "WWW-Authenticate": challenge },
    });
  }

  #checkNetwork(vault: SimulatedVault): void {
    const about = [`Caller: ${this.#caller}`, described(vault)];
    switch (vault.publicAccess(CLIENT_ADDRESS)) {
      case "Allowed":
        return;
      case "Disabled":
        throw forbidden("ForbiddenByConnection", [
          "Public network access is disabled and request is not from a trusted service nor via an " +
            "approved private link.",
          ...about,
        ]);
      case "RefusedByFirewall":
        throw forbidden("ForbiddenByFirewall", [
          "Client address is not authorized and caller is not a trusted service.",
          `Client address: ${CLIENT_ADDRESS}`,
          ...about,
        ]);
    }
  }

  #checkRole(vault: SimulatedVault, action: string, secretName: string | undefined): void {
    const { deniedActions } = vault;
    const dataAction = `${DATA_ACTIONS}/${action}`;
    if (!deniedActions.has(dataAction) && !deniedActions.has(`${DATA_ACTIONS}/*`)) return;
    const scope = vault.id
      .replace("/resourceGroups/", "/resourcegroups/")
      .replace("/Microsoft.KeyVault/", "/microsoft.keyvault/");
    throw forbidden("ForbiddenByRbac", [
      "Caller is not authorized to perform action on resource.",
      "If role assignments, deny assignments or role definitions were changed recently, please " +
        "observe propagation time.",
      `Caller: ${this.#caller}`,
      `Action: '${dataAction}'`,
      `Resource: '${scope}${secretName === undefined ? "" : `/secrets/${secretName}`}'`,
      "Assignment: (not found)",
      "DenyAssignmentId: null",
      "DecisionReason: null ",
      described(vault),
      "",
    ]);
  }

  get #caller(): string {
    const { principal, tokens } = this.#options;
    return `appid=${principal.clientId};oid=${principal.objectId};iss=${tokens.issuer}`;
  }
}

/** How messages name a vault. */
export function described({ name, location }: SimulatedVault): string {
  return `Vault: ${name};location=${location}`;
}

/** A refusal in Key Vault's words, a line each. */
export function forbidden(innerCode: string | undefined, lines: readonly string[]): Failure {
  const details = innerCode === undefined ? {} : { innerCode };
  return new Failure(403, "Forbidden", lines.join("\r\n"), details);
}

function checkRequestLimit(vault: SimulatedVault): void {
  const seconds = vault.takeRequest();
  if (seconds === undefined) return;
  const message =
    "Request was not processed because too many requests were received. Reason: " +
    "VaultRequestTypeLimitReached";
  throw new Failure(429, "Throttled", message, { headers: { "Retry-After": String(seconds) } });
}
