import type { Simulator } from "../../simulator";
import { makeCertificate, toPfx } from "../support/certificateFiles";
import { expectDocumented } from "../support/documentedErrors";
import { setProcessEnvironment } from "../support/processEnvironment";
import {
  signInSimulator,
  signInWorld,
  type Settings,
  type SignInWorld,
} from "../support/signInWorld";
import type { SimulatedWorld } from "../support/simulatedWorld";

/* The failures to sign in that docs/errors.md lists: it gives the advice that the user reads. */

let world: SimulatedWorld;
let simulator: Simulator;
let here: SignInWorld;
let principal: Settings;

beforeAll(async () => {
  world = await signInSimulator();
  ({ simulator } = world);
  principal = { tenantId: simulator.tenantId, clientId: simulator.clientId };
});
afterAll(() => simulator.close());
beforeEach(() => {
  here = signInWorld(world);
});
afterEach(() => {
  here.close();
});

/** A certificate that no application knows, and its key. */
function pfx(password: string): Buffer {
  const { certificate, key } = makeCertificate();
  return toPfx([certificate], key, password);
}

const ANOTHER_TENANT = "00000000-0000-0000-0000-000000000002";

const rows: [string, string, () => Settings][] = [
  ["settings", "is not configured", () => ({ clientSecret: "x", clientId: "y" })],
  ["AADSTS7000215", "AADSTS7000215", () => ({ ...principal, clientSecret: "wrong" })],
  [
    "AADSTS700016",
    "AADSTS700016",
    () => ({ ...principal, clientId: ANOTHER_TENANT, clientSecret: "any" }),
  ],
  [
    "tenant",
    "the tenant is not known there",
    () => ({ ...principal, tenantId: ANOTHER_TENANT, clientSecret: "any" }),
  ],
  [
    "AADSTS700027",
    "AADSTS700027",
    () => {
      const clientCertificatePath = here.file("unregistered.pfx", pfx("password"));
      const clientCertificatePassword = "password";
      return { ...principal, clientCertificatePath, clientCertificatePassword };
    },
  ],
  [
    "certificate: no file",
    "does not exist",
    () => ({ ...principal, clientCertificatePath: "/nowhere/application.pfx" }),
  ],
  [
    "certificate: password",
    "does not open the certificate file",
    () => {
      const clientCertificatePath = here.file("application.pfx", pfx("password"));
      const clientCertificatePassword = "not that";
      return { ...principal, clientCertificatePath, clientCertificatePassword };
    },
  ],
  [
    "certificate: form",
    "is neither a PFX (PKCS#12) nor a PEM file",
    () => ({ ...principal, clientCertificatePath: here.file("application.pfx", "something") }),
  ],
  [
    "AADSTS700024",
    "AADSTS700024",
    () => {
      const oidcToken = simulator.federatedToken({ lifetimeSeconds: -600 });
      return { ...principal, useOidc: "true", oidcToken };
    },
  ],
  [
    "OIDC: token file",
    "cannot be read (ENOENT)",
    () => ({ ...principal, useOidc: "true", oidcTokenFilePath: "/nowhere/token" }),
  ],
  [
    "OIDC: token request",
    "no OIDC token could be had from",
    () => {
      const { ACTIONS_ID_TOKEN_REQUEST_URL: oidcRequestUrl = "" } =
        simulator.githubActionsEnvironment();
      return { ...principal, useOidc: "true", oidcRequestUrl, oidcRequestToken: "wrong" };
    },
  ],
  [
    "az: not installed",
    "is not on PATH",
    () => {
      setProcessEnvironment({ PATH: "/nowhere" });
      return {};
    },
  ],
  [
    "az: not signed in",
    "nobody is signed in",
    () => {
      here.az.answer("account show", "ERROR: Please run 'az login' to setup account.");
      return {};
    },
  ],
  [
    "az: another cloud",
    "it is signed in to cloud",
    () => ({ environment: "china", metadataHost: "" }),
  ],
  ["cloud", "unknown Azure environment", () => ({ environment: "mars", metadataHost: "" })],
];

test.each(rows)("%s: the documents say what the message does", async (name, part, settings) => {
  const message = await here.failure(settings());
  expect(message).toContain(part);
  expectDocumented(name, message);
});
