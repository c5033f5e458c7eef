import { createHash, sign, X509Certificate } from "node:crypto";
import type { ClientCertificate } from "../support/certificateFiles";

/** Signs a client assertion as older clients do: RS256, with a thumbprint of SHA-1. */
export function signAssertion(
  { certificate, privateKey }: ClientCertificate,
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
