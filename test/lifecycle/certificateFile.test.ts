import { createClientCertificate, toPfx } from "../support/certificateFiles";
import { inSignInWorld, type Settings } from "../support/signInWorld";

const here = inSignInWorld();
let certificate: string;
let key: string;

beforeAll(async () => {
  ({ certificate, privateKey: key } = await createClientCertificate());
  here.simulator.registerCertificate(certificate);
});

/** Settings with a certificate's file of this content. */
function withFile(content: string | Buffer, clientCertificatePassword = ""): Settings {
  const clientCertificatePath = here.file("certificate", content);
  return { ...here.principal, clientCertificatePath, clientCertificatePassword };
}

describe("the file of a certificate", () => {
  const again = /Next: export the application's certificate together with its private key/;

  test("that is a folder is told as one that cannot be read", async () => {
    const settings = { ...here.principal, clientCertificatePath: "/" };
    expect(await here.failure(settings)).toContain(
      "the certificate file / cannot be read (EISDIR)",
    );
  });

  test("that another password opens is told without the one that was tried", async () => {
    const password = "not the password";
    here.secrets.push(password);
    const failure = await here.failure(withFile(toPfx([certificate], key, "right"), password));
    expect(failure).toMatch(
      /the configured password does not open the certificate file .*certificate\. Next: check clientCertificatePassword/,
    );
  });

  test("that a password of other letters opens is told as that", async () => {
    const settings = withFile(toPfx([certificate], key, "right"), "pässword");
    expect(await here.failure(settings)).toContain("the configured password does not open");
  });

  test("that has a password where none is configured asks for it", async () => {
    expect(await here.failure(withFile(toPfx([certificate], key, "right")))).toMatch(
      /has a password, but none is configured\. Next: configure clientCertificatePassword/,
    );
  });

  test.each([
    ["something else", "hello"],
    ["nothing", ""],
    [
      "a PEM file of something else",
      "-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----",
    ],
  ])("that is %s is refused", async (_, content) => {
    expect(await here.failure(withFile(content))).toMatch(
      /is neither a PFX \(PKCS#12\) nor a PEM file that can be read\. Next: export/,
    );
  });

  test("that is a certificate alone, in DER, is refused", async () => {
    const der = Buffer.from(certificate.replace(/-.*-|\s/g, ""), "base64");
    expect(await here.failure(withFile(der))).toContain(
      "is neither a PFX (PKCS#12) nor a PEM file",
    );
  });

  test("without a private key is refused", async () => {
    const [pfx, pem] = [toPfx([certificate], undefined, ""), certificate];
    expect(await here.failure(withFile(pfx))).toMatch(/holds no private key/);
    expect(await here.failure(withFile(pem))).toMatch(again);
  });

  test("without the key's certificate is refused", async () => {
    expect(await here.failure(withFile(key))).toMatch(/holds no certificate\./);
    const { certificate: unrelated } = await createClientCertificate();
    const another = toPfx([unrelated], key, "");
    expect(await here.failure(withFile(another))).toMatch(/no certificate for its private key\./);
  });

  test("whose content stands where its path belongs is refused without it", async () => {
    const pfx = toPfx([certificate], key, "").toString("base64");
    for (const content of [`${certificate}\n${key}`, pfx]) {
      here.secrets.push(content.slice(100, 120));
      const settings = { ...here.principal, clientCertificatePath: content };
      expect(await here.failure(settings)).toMatch(
        /: clientCertificatePath is not the path of a file\. Next: set it to the path/,
      );
    }
  });

  test("keeps its name, whatever the password", async () => {
    const settings = withFile(toPfx([certificate], key, "right"), "certificate");
    expect(await here.failure(settings)).toMatch(
      /the configured password does not open the certificate file \/\S+\/certificate\. Next: check clientCertificatePassword/,
    );
  });
});
