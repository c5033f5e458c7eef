import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { property } from "../json";
import type * as Pfx from "./pfx";
import { SignInProblem } from "./signInFailure";

/** What a file holds, in the order in which it does. */
interface Contents {
  readonly keys: readonly KeyObject[];
  readonly certificates: readonly X509Certificate[];
}

/** No path is that long; a file's content, put where its path belongs, is. */
const LONGEST_PATH = 255;

/**
 * A service principal's certificate and private key as `@azure/identity` wants them: one PEM text,
 * the key's own certificate before those of its issuers.
 * @param path of a PFX (PKCS#12) or a PEM file, as azure-native takes both.
 * @throws SignInProblem that names the file.
 */
export async function readCertificate(path: string, password: string): Promise<string> {
  if (path.length > LONGEST_PATH || /[\r\n]/.test(path)) {
    throw new SignInProblem(
      "clientCertificatePath is not the path of a file",
      "set it to the path of the certificate's file, not to what is in that file",
    );
  }
  const file = await readFile(path).catch((error: unknown) => {
    const code = String(property(error, "code"));
    throw new SignInProblem(
      `the certificate file ${path} ${code === "ENOENT" ? "does not exist" : `cannot be read (${code})`}`,
      "check clientCertificatePath: a relative path starts at the folder that the program runs in",
    );
  });
  const isPem = file.includes("-----BEGIN ");
  const { keys, certificates } = isPem
    ? readPem(file.toString("utf8"), path, password)
    : readPfx(file, path, password);
  const again = `export the application's certificate together with its private key into ${path} again`;
  const [key] = keys;
  if (key === undefined) {
    throw new SignInProblem(`the certificate file ${path} holds no private key`, again);
  }
  if (key.asymmetricKeyType !== "rsa") {
    throw new SignInProblem(
      `the private key in the certificate file ${path} is not an RSA key`,
      "use a certificate with an RSA key: Microsoft Entra ID accepts no other",
    );
  }
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (own === undefined) {
    const none =
      certificates.length === 0 ? "no certificate" : "no certificate for its private key";
    throw new SignInProblem(`the certificate file ${path} holds ${none}`, again);
  }
  const issuers = certificates.filter((certificate) => certificate !== own);
  return [key.export({ type: "pkcs8", format: "pem" }), own, ...issuers].join("\n");
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PEM_KEY = /-----BEGIN ([A-Z]+ )*PRIVATE KEY-----[\s\S]+?-----END ([A-Z]+ )*PRIVATE KEY-----/g;

function readPem(text: string, path: string, passphrase: string): Contents {
  const keys = text.match(PEM_KEY) ?? [];
  try {
    return {
      keys: keys.map((key) => createPrivateKey({ key, passphrase })),
      certificates: (text.match(PEM_CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem)),
    };
  } catch {
    throw keys.some((key) => key.includes("ENCRYPTED"))
      ? wrongPassword(path, passphrase)
      : unreadable(path);
  }
}

/** Loads node-forge, which only those need who sign in with such a file. */
function readPfx(file: Buffer, path: string, password: string): Contents {
  const pfx = require("./pfx") as typeof Pfx;
  try {
    return pfx.readPfx(file, password);
  } catch (error) {
    throw error instanceof pfx.PfxError && error.reason === "WrongPassword"
      ? wrongPassword(path, password)
      : unreadable(path);
  }
}

function wrongPassword(path: string, password: string): SignInProblem {
  return password === ""
    ? new SignInProblem(
        `the certificate file ${path} has a password, but none is configured`,
        "configure clientCertificatePassword (or ARM_CLIENT_CERTIFICATE_PASSWORD)",
      )
    : new SignInProblem(
        `the configured password does not open the certificate file ${path}`,
        "check clientCertificatePassword (or ARM_CLIENT_CERTIFICATE_PASSWORD)",
      );
}

function unreadable(path: string): SignInProblem {
  return new SignInProblem(
    `the certificate file ${path} is neither a PFX (PKCS#12) nor a PEM file that can be read`,
    "export the application's certificate and its private key into a PFX file, and name that in clientCertificatePath",
  );
}
