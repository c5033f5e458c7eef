import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";

/** What an access token says of its bearer. */
export interface AccessTokenClaims {
  readonly aud: string;
  readonly iss: string;
  /** The tenant. */
  readonly tid: string;
  /** The application. */
  readonly appid: string;
  /** The service principal. */
  readonly oid: string;
}

/**
 * Access tokens: JSON Web Tokens as Entra ID's are, signed with a secret that nobody else has,
 * so that the simulator recognizes its own without keeping them.
 */
export class AccessTokens {
  readonly #secret = randomBytes(32);
  readonly #lifetimeMs: number;
  readonly #now: () => number;

  constructor(lifetimeSeconds: number, now: () => number) {
    this.#lifetimeMs = lifetimeSeconds * 1000;
    this.#now = now;
  }

  issue(claims: AccessTokenClaims): string {
    const now = this.#now();
    const issued = Math.floor(now / 1000);
    const expires = (now + this.#lifetimeMs) / 1000;
    const header = encode({ typ: "JWT", alg: "HS256" });
    const payload = encode({
      ...claims,
      jti: randomUUID(),
      iat: issued,
      nbf: issued,
      exp: expires,
    });
    return `${header}.${payload}.${this.#signature(header, payload)}`;
  }

  /** When the token expires; undefined for a token that is not one of ours. */
  expiry(token: string): Date | undefined {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const given = Buffer.from(signature);
    const computed = Buffer.from(this.#signature(header, payload));
    if (given.length !== computed.length || !timingSafeEqual(given, computed)) {
      return undefined;
    }
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { exp: number };
    return new Date(claims.exp * 1000);
  }

  #signature(header: string, payload: string): string {
    return createHmac("sha256", this.#secret).update(`${header}.${payload}`).digest("base64url");
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
