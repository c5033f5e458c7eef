import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import forge from "node-forge";

const algorithm = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const ONE_DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate for an application, and its private key. */
export interface ClientCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM (PKCS #8). */
  readonly privateKey: string;
}

/** Makes a self-signed certificate of a new RSA key, good until tomorrow unless told otherwise. */
export async function createClientCertificate(
  notAfter = new Date(Date.now() + ONE_DAY_MS),
): Promise<ClientCertificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString("hex"),
    name: "CN=application",
    notBefore: new Date(notAfter.getTime() - 2 * ONE_DAY_MS),
    notAfter,
    keys,
    signingAlgorithm: algorithm,
  });
  const privateKey = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { certificate: certificate.toString("pem"), privateKey: privateKey.toString() };
}

/** A PFX file of certificates, and of a private key if there is one. */
export function toPfx(
  certificates: readonly string[],
  key: string | undefined,
  password: string,
  options: { readonly algorithm?: "aes256" | "3des"; readonly useMac?: boolean } = {},
): Buffer {
  const pfx = forge.pkcs12.toPkcs12Asn1(
    key === undefined ? null : forge.pki.privateKeyFromPem(key),
    certificates.map((pem) => forge.pki.certificateFromPem(pem)),
    password,
    { algorithm: "aes256", ...options },
  );
  return Buffer.from(forge.asn1.toDer(pfx).getBytes(), "latin1");
}
