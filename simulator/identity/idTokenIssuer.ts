import { generateKeyPairSync, randomUUID, sign, verify } from "node:crypto";
import { type FederatedTokenOptions } from "../simulatorOptions";
import { type JsonWebToken, signingInput } from "./jsonWebToken";

/** An issuer of OpenID Connect ID tokens with a key of its own, such as GitHub Actions has. */
export class IdTokenIssuer {
  readonly #keyId = randomUUID();
  readonly #now: () => number;
  #keys: ReturnType<typeof generateKeys> | undefined;

  /** @param issuer what the tokens say under `iss`. */
  constructor(
    readonly issuer: string,
    now: () => number,
  ) {
    this.#now = now;
  }

  issue({ audience, subject, lifetimeSeconds }: Required<FederatedTokenOptions>): string {
    const issued = Math.floor(this.#now() / 1000);
    const text = signingInput(
      { typ: "JWT", alg: "RS256", kid: this.#keyId },
      {
        iss: this.issuer,
        sub: subject,
        aud: audience,
        jti: randomUUID(),
        iat: issued,
        nbf: Math.min(issued, issued + lifetimeSeconds),
        exp: issued + lifetimeSeconds,
      },
    );
    const signature = sign("sha256", Buffer.from(text), this.#keyPair.privateKey);
    return `${text}.${signature.toString("base64url")}`;
  }

  /** Whether a token names the issuer's key. */
  namesKey({ header }: JsonWebToken): boolean {
    return header["kid"] === this.#keyId;
  }

  /** Whether the issuer has signed a token. */
  hasSigned({ signingInput, signature }: JsonWebToken): boolean {
    return verify("sha256", Buffer.from(signingInput), this.#keyPair.publicKey, signature);
  }

  /** Made when it is needed: an RSA key takes long, and most simulators never issue a token. */
  get #keyPair() {
    return (this.#keys ??= generateKeys());
  }
}

function generateKeys() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}
