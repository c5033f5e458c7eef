import type { Simulator } from "../../simulator";
import { makeCertificate, toPfx } from "../support/certificateFiles";
import type { SimulatedWorld } from "../support/simulatedWorld";
import {
  signInSimulator,
  signInWorld,
  type Settings,
  type SignInWorld,
} from "../support/signInWorld";

const { certificate, key } = makeCertificate();

let world: SimulatedWorld;
let simulator: Simulator;
let here: SignInWorld;
let principal: Settings;

beforeAll(async () => {
  world = await signInSimulator();
  ({ simulator } = world);
  principal = { tenantId: simulator.tenantId, clientId: simulator.clientId };
  simulator.registerCertificate(certificate);
});
afterAll(() => simulator.close());
beforeEach(() => {
  here = signInWorld(world);
});
afterEach(() => {
  here.close();
});

/** Settings with a certificate's file of this content. */
function withFile(content: string | Buffer, clientCertificatePassword = ""): Settings {
  const clientCertificatePath = here.file("certificate", content);
  return { ...principal, clientCertificatePath, clientCertificatePassword };
}

describe("the file of a certificate", () => {
  const again = /Next: export the application's certificate together with its private key/;

  test("that does not exist is named", async () => {
    const settings = { ...principal, clientCertificatePath: "/nowhere/application.pfx" };
    expect(await here.failure(settings)).toMatch(
      /^could not sign in to Azure with a client certificate to tenant \S+ at https:\/\/localhost:\d+ as client \S+: the certificate file \/nowhere\/application\.pfx does not exist\. Next: check clientCertificatePath/,
    );
  });

  test("that is a folder is told as one that cannot be read", async () => {
    const settings = { ...principal, clientCertificatePath: "/" };
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
      /has a password, and none is configured\. Next: configure clientCertificatePassword/,
    );
  });

  test.each([
    ["something else", "hello"],
    ["nothing", ""],
    [
      "a PEM file of something else",
      "-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----",
    ],
    ["a certificate alone, in DER", Buffer.from(certificate.replace(/-.*-|\s/g, ""), "base64")],
  ])("that is %s is refused", async (_, content) => {
    expect(await here.failure(withFile(content))).toMatch(
      /is neither a PFX \(PKCS#12\) nor a PEM file that can be read\. Next: export/,
    );
  });

  test("without a private key is refused", async () => {
    const [pfx, pem] = [toPfx([certificate], undefined, ""), certificate];
    expect(await here.failure(withFile(pfx))).toMatch(/holds no private key/);
    expect(await here.failure(withFile(pem))).toMatch(again);
  });

  test("without the key's certificate is refused", async () => {
    expect(await here.failure(withFile(key))).toMatch(/holds no certificate\./);
    const another = toPfx([makeCertificate().certificate], key, "");
    expect(await here.failure(withFile(another))).toMatch(/no certificate of its private key\./);
  });

  test("of an application that does not know it is told in Entra's words", async () => {
    const unknown = makeCertificate();
    expect(await here.failure(withFile(unknown.certificate + unknown.key))).toMatch(
      /AADSTS700027: .*Next: check tenantId and clientId, and that the certificate is registered/,
    );
  });
});
