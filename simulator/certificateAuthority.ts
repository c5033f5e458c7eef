import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import { requireX509 } from "./x509";

/** A server certificate for localhost, and the authority that a client must trust for it. */
export interface Certificates {
  /** The authority's certificate, PEM. */
  readonly authority: string;
  /** The server's certificate, PEM. */
  readonly certificate: string;
  /** The server's private key, PEM (PKCS #8). */
  readonly privateKey: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const ONE_DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a certificate authority of its own for each call, so that no key is ever shared. */
export async function createCertificates(): Promise<Certificates> {
  const x509 = requireX509();
  const authorityKeys = await createKeys();
  const serverKeys = await createKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: "CN=Azure Resource Manager simulator",
    keys: authorityKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(),
    subject: "CN=localhost",
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
      ]),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  return {
    authority: authority.toString("pem"),
    certificate: certificate.toString("pem"),
    privateKey: KeyObject.from(serverKeys.privateKey)
      .export({ type: "pkcs8", format: "pem" })
      .toString(),
  };
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

/** Starts a day early for clocks that differ; lasts longer than any test run. */
function validity() {
  return {
    serialNumber: randomBytes(8).toString("hex"),
    notBefore: new Date(Date.now() - ONE_DAY_MS),
    notAfter: new Date(Date.now() + 30 * ONE_DAY_MS),
  };
}
