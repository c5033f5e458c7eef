import { Failure } from "../failure";
import { type FederatedTokenOptions } from "../simulatorOptions";
import { checkTimeRange, signingAlgorithm } from "./clientAssertion";
import { IdTokenIssuer } from "./idTokenIssuer";
import { type JsonWebToken } from "./jsonWebToken";

/** The federated identity credential of the application: whose ID tokens prove who it is. */
export class FederatedCredential {
  readonly #subject = "repo:octo-org/octo-repo:ref:refs/heads/main";
  readonly #audience = "api://AzureADTokenExchange";
  readonly #issuer: IdTokenIssuer;
  readonly #now: () => number;

  constructor(url: string, now: () => number) {
    this.#issuer = new IdTokenIssuer(`${url}/_services/token`, now);
    this.#now = now;
  }

  /** An ID token of the issuer's; it matches the credential in all that the options leave out. */
  issueToken(options: FederatedTokenOptions = {}): string {
    const { audience = this.#audience, subject = this.#subject, lifetimeSeconds = 300 } = options;
    return this.#issuer.issue({ audience, subject, lifetimeSeconds });
  }

  /** Throws unless the assertion is a token that matches the credential. */
  check(assertion: JsonWebToken): void {
    const { iss, sub, aud } = assertion.payload;
    if (iss !== this.#issuer.issuer) {
      throw noMatch("AADSTS700211", "issuer", iss);
    }
    this.#checkSignature(assertion);
    if (sub !== this.#subject) {
      throw noMatch("AADSTS700213", "subject", sub);
    }
    if (aud !== this.#audience) {
      throw noMatch("AADSTS700212", "audience", aud);
    }
    checkTimeRange(assertion, this.#now());
  }

  #checkSignature(assertion: JsonWebToken): void {
    signingAlgorithm(assertion, ["RS256"]);
    if (!this.#issuer.namesKey(assertion)) {
      throw invalidSignature("The key was not found.");
    }
    if (!this.#issuer.hasSigned(assertion)) {
      throw invalidSignature("Key was found, but use of the key to verify the signature failed.");
    }
  }
}

function noMatch(code: string, claim: string, value: unknown): Failure {
  return new Failure(
    401,
    code,
    `No matching federated identity record found for presented assertion ${claim} ` +
      `'${String(value)}'. Check your federated identity credential Subject, Audience and Issuer ` +
      "against the presented assertion. " +
      "https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  );
}

function invalidSignature(reason: string): Failure {
  const message = `Assertion failed signature validation. [Reason - ${reason}]`;
  return new Failure(401, "AADSTS50013", message);
}
