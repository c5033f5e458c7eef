import { createHash, KeyObject, randomBytes, sign, webcrypto, X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";

const algorithm = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const oneDayMs = 24 * 60 * 60 * 1000;

/** A certificate for an application, and its private key. */
export interface ClientCertificateFile {
  /** PEM. */
  readonly certificate: string;
  /** PEM (PKCS #8). */
  readonly privateKey: string;
}

/** Makes a self-signed certificate of a new RSA key, good until tomorrow unless told otherwise. */
export async function createClientCertificate(
  notAfter = new Date(Date.now() + oneDayMs),
): Promise<ClientCertificateFile> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString("hex"),
    name: "CN=application",
    notBefore: new Date(notAfter.getTime() - 2 * oneDayMs),
    notAfter,
    keys,
    signingAlgorithm: algorithm,
  });
  const privateKey = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { certificate: certificate.toString("pem"), privateKey: privateKey.toString() };
}

/** Signs a client assertion as older clients do: RS256, with a thumbprint of SHA-1. */
export function signAssertion(
  { certificate, privateKey }: ClientCertificateFile,
  payload: object,
  header: object = {},
): string {
  const { raw } = new X509Certificate(certificate);
  const x5t = createHash("sha1").update(raw).digest("base64url");
  const text = [{ alg: "RS256", typ: "JWT", x5t, ...header }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
}
