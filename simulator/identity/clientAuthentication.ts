import { Failure } from "../failure";
import { parseClientAssertion } from "./clientAssertion";
import { type ClientCertificates } from "./clientCertificates";
import { type FederatedCredential } from "./federatedCredential";
import { type ServicePrincipal } from "./servicePrincipal";

/** With what the application can prove who it is. */
export interface ClientCredentials {
  readonly principal: ServicePrincipal;
  readonly certificates: ClientCertificates;
  readonly federatedCredential: FederatedCredential;
}

/** Throws unless the form of a token request proves that the application has sent it. */
export function authenticateClient(credentials: ClientCredentials, form: URLSearchParams): void {
  const { principal } = credentials;
  checkClientId(principal, form.get("client_id") ?? "");
  const assertion = form.get("client_assertion");
  if (assertion === null) {
    checkSecret(principal, form.get("client_secret"));
  } else {
    checkAssertionType(form.get("client_assertion_type"));
    checkAssertion(credentials, assertion);
  }
}

function checkClientId(principal: ServicePrincipal, clientId: string): void {
  if (clientId.toLowerCase() !== principal.clientId) {
    throw new Failure(
      400,
      "AADSTS700016",
      `Application with identifier '${clientId}' was not found in the directory ` +
        `'${principal.tenantId}'. This can happen if the application has not been installed by ` +
        "the administrator of the tenant or consented to by any user in the tenant. You may " +
        "have sent your authentication request to the wrong tenant.",
    );
  }
}

function checkSecret({ clientId, clientSecret }: ServicePrincipal, secret: string | null): void {
  if (secret === null) {
    throw new Failure(
      401,
      "AADSTS7000216",
      "'client_assertion', 'client_secret' or 'request' is required for the " +
        "'client_credentials' grant type.",
    );
  }
  if (secret !== clientSecret) {
    throw new Failure(
      401,
      "AADSTS7000215",
      "Invalid client secret provided. Ensure the secret being sent in the request is the " +
        "client secret value, not the client secret ID, for a secret added to app " +
        `'${clientId}'.`,
    );
  }
}

function checkAssertionType(type: string | null): void {
  if (type !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
    const message =
      "The request body must contain the following parameter: 'client_assertion_type'.";
    throw new Failure(400, "AADSTS900144", message);
  }
}

/** The application issues the assertions that it signs itself; another issuer vouches for it. */
function checkAssertion(credentials: ClientCredentials, text: string): void {
  const { principal, certificates, federatedCredential } = credentials;
  const assertion = parseClientAssertion(text);
  if (String(assertion.payload["iss"]).toLowerCase() === principal.clientId) {
    certificates.check(assertion);
  } else {
    federatedCredential.check(assertion);
  }
}
