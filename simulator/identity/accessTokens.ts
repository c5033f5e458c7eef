import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { parseJsonWebToken, signingInput } from "./jsonWebToken";
import { type ServicePrincipal } from "./servicePrincipal";
import { Sessions } from "./sessions";

interface AccessTokensOptions {
  readonly url: string;
  readonly principal: ServicePrincipal;
  readonly lifetimeSeconds: number;
  readonly now: () => number;
}

/** What an access token of the simulator's own says. */
export interface AccessToken {
  /** The resource that it was asked for. */
  readonly audience: string;
  readonly expiresAt: Date;
  /** Whether it was issued before a revocation of sessions. */
  readonly revoked: boolean;
}

/**
 * Access tokens: JSON Web Tokens as Entra ID's are, signed with a secret that nobody else has,
 * so that the simulator recognizes its own without keeping them.
 */
export class AccessTokens {
  readonly sessions: Sessions;
  readonly lifetimeSeconds: number;
  readonly #secret = randomBytes(32);
  readonly #options: AccessTokensOptions;

  constructor(options: AccessTokensOptions) {
    this.sessions = new Sessions(options.now);
    this.lifetimeSeconds = options.lifetimeSeconds;
    this.#options = options;
  }

  /** The issuer of every token. */
  get issuer(): string {
    return `${this.#options.url}/${this.#options.principal.tenantId}/`;
  }

  /** Issues a token for the service principal. */
  issue(audience: string, session = this.sessions.current): string {
    const { principal, now } = this.#options;
    const issued = Math.floor(now() / 1000);
    const text = signingInput(
      { typ: "JWT", alg: "HS256" },
      {
        aud: audience,
        iss: this.issuer,
        tid: principal.tenantId,
        appid: principal.clientId,
        oid: principal.objectId,
        sid: session,
        jti: randomUUID(),
        iat: issued,
        nbf: issued,
        exp: now() / 1000 + this.lifetimeSeconds,
      },
    );
    return `${text}.${this.#signature(text).toString("base64url")}`;
  }

  /** Undefined for a token that is not one of ours. */
  read(token: string): AccessToken | undefined {
    const parsed = parseJsonWebToken(token);
    if (!parsed) {
      return undefined;
    }
    const computed = this.#signature(parsed.signingInput);
    if (
      parsed.signature.length !== computed.length ||
      !timingSafeEqual(parsed.signature, computed)
    ) {
      return undefined;
    }
    const { aud, exp, sid } = parsed.payload;
    return {
      audience: String(aud),
      expiresAt: new Date(Number(exp) * 1000),
      revoked: sid !== this.sessions.current,
    };
  }

  #signature(text: string): Buffer {
    return createHmac("sha256", this.#secret).update(text).digest();
  }
}
