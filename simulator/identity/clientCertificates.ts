import { constants, createHash, type KeyObject, verify, X509Certificate } from "node:crypto";
import { Failure } from "../failure";
import { checkTimeRange, signingAlgorithm } from "./clientAssertion";
import { type JsonWebToken } from "./jsonWebToken";

interface ClientCertificatesOptions {
  readonly url: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly now: () => number;
}

/** The certificates of the application, and the assertions that it signs with their keys. */
export class ClientCertificates {
  readonly #options: ClientCertificatesOptions;
  /** By thumbprint, of SHA-1 and of SHA-256: clients send one or the other. */
  readonly #certificates = new Map<string, X509Certificate>();

  constructor(options: ClientCertificatesOptions) {
    this.#options = options;
  }

  /** @param pem an X.509 certificate; whatever else the text holds is not looked at. */
  register(pem: string): void {
    const certificate = new X509Certificate(pem);
    for (const algorithm of ["sha1", "sha256"]) {
      const thumbprint = createHash(algorithm).update(certificate.raw).digest("hex");
      this.#certificates.set(thumbprint.toUpperCase(), certificate);
    }
  }

  /** Throws unless the application has made the assertion, for this tenant and for now. */
  check(assertion: JsonWebToken): void {
    this.#checkSignature(assertion);
    this.#checkSubject(assertion);
    this.#checkAudience(assertion);
    checkTimeRange(assertion, this.#options.now());
  }

  #checkSignature(assertion: JsonWebToken): void {
    const thumbprint = sentThumbprint(assertion);
    const certificate = this.#certificates.get(thumbprint);
    if (!certificate) {
      throw this.#invalidSignature("The key was not found.", thumbprint);
    }
    if (Date.parse(certificate.validTo) <= this.#options.now()) {
      throw this.#invalidSignature("The key used is expired.", thumbprint);
    }
    if (!signatureMatches(assertion, certificate.publicKey)) {
      const reason = "Key was found, but use of the key to verify the signature failed.";
      throw this.#invalidSignature(reason, thumbprint);
    }
  }

  #invalidSignature(reason: string, thumbprint: string): Failure {
    return new Failure(
      401,
      "AADSTS700027",
      `Client assertion contains an invalid signature. [Reason - ${reason}, Thumbprint of key ` +
        `used by client: '${thumbprint}', Please visit the Azure Portal, Graph Explorer or ` +
        "directly use MS Graph to see configured keys for app Id " +
        `'${this.#options.clientId}'].`,
    );
  }

  #checkSubject({ payload }: JsonWebToken): void {
    if (String(payload["sub"]).toLowerCase() !== this.#options.clientId) {
      const message =
        "Client assertion application identifier doesn't match 'client_id' parameter.";
      throw new Failure(401, "AADSTS700021", message);
    }
  }

  /** Clients address an assertion to the token endpoint, and some to the issuer of the tokens. */
  #checkAudience({ payload }: JsonWebToken): void {
    const authority = `${this.#options.url}/${this.#options.tenantId}`;
    const audiences: unknown[] = [`${authority}/oauth2/v2.0/token`, `${authority}/v2.0`];
    if (!audiences.includes(payload["aud"])) {
      const message = "Client assertion audience claim does not match Realm issuer.";
      throw new Failure(401, "AADSTS700023", message);
    }
  }
}

/** The thumbprint in an assertion's header, as Entra ID's messages spell it. */
function sentThumbprint({ header }: JsonWebToken): string {
  const sent = header["x5t#S256"] ?? header["x5t"];
  if (typeof sent !== "string") {
    const message = "Invalid JWT token. No certificate thumbprint specified in token header.";
    throw new Failure(400, "AADSTS50027", message);
  }
  return Buffer.from(sent, "base64url").toString("hex").toUpperCase();
}

function signatureMatches(assertion: JsonWebToken, key: KeyObject): boolean {
  const padding = {
    RS256: { padding: constants.RSA_PKCS1_PADDING },
    PS256: {
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    },
  }[signingAlgorithm(assertion, ["RS256", "PS256"])];
  const text = Buffer.from(assertion.signingInput);
  return verify("sha256", text, { key, ...padding }, assertion.signature);
}
