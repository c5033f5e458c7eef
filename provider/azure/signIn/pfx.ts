import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { asn1, pkcs12, pki, util } from "node-forge";

/** The file holds something else, or the password does not open it. */
export class PfxError extends Error {
  constructor(readonly reason: "NotPfx" | "WrongPassword") {
    super(reason);
  }
}

/**
 * The private keys and the certificates of a PKCS#12 file. Node.js reads such files for TLS alone,
 * and OpenSSL 3 no longer those with RC2, which many tools still write; node-forge reads both.
 * @throws PfxError
 */
export function readPfx(
  file: Buffer,
  password: string,
): { keys: KeyObject[]; certificates: X509Certificate[] } {
  const bags = open(file.toString("latin1"), password).safeContents.flatMap(
    ({ safeBags }) => safeBags,
  );
  const of = (...types: (string | undefined)[]) => bags.filter(({ type }) => types.includes(type));
  return {
    keys: of(pki.oids["keyBag"], pki.oids["pkcs8ShroudedKeyBag"]).map(({ key, asn1: info }) =>
      key
        ? createPrivateKey(pki.privateKeyToPem(key))
        : createPrivateKey({ key: der(info), format: "der", type: "pkcs8" }),
    ),
    certificates: of(pki.oids["certBag"]).map(
      ({ cert, asn1: certificate }) =>
        new X509Certificate(der(cert ? pki.certificateToAsn1(cert) : certificate)),
    ),
  };
}

function open(bytes: string, password: string): pkcs12.Pkcs12Pfx {
  try {
    return pkcs12.pkcs12FromAsn1(parse(bytes), false, password);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!/password|decrypt/i.test(message)) throw new PfxError("NotPfx");
    const inUtf8 = util.encodeUtf8(password);
    if (message.includes("MAC") || inUtf8 === password) throw new PfxError("WrongPassword");
    // The signature takes the password in UTF-16, AES in UTF-8; node-forge takes it one way for
    // both. It has just found the signature good, so that can be left out.
    const unsigned = parse(bytes);
    unsigned.value = unsigned.value.slice(0, 2);
    try {
      return pkcs12.pkcs12FromAsn1(unsigned, false, inUtf8);
    } catch {
      throw new PfxError("WrongPassword");
    }
  }
}

function parse(bytes: string): asn1.Asn1 {
  try {
    return asn1.fromDer(bytes, false);
  } catch {
    throw new PfxError("NotPfx");
  }
}

function der(value: asn1.Asn1 | undefined): Buffer {
  return Buffer.from(value === undefined ? "" : asn1.toDer(value).getBytes(), "latin1");
}
