import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";

/** A self-signed certificate and its private key, made for one test run. */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
}

export function makeCertificate(): CertificateAndKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const signer = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(signer.n, signer.e);
  certificate.serialNumber = "01";
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  const name = [{ name: "commonName", value: "application" }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(signer, forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key };
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
