import { randomUUID } from "node:crypto";
import { AccessTokens } from "./accessTokens";
import { Failure } from "./failure";
import { Reply, Route, RoutedRequest, Service } from "./route";

/** The one application that can sign in. */
export interface ServicePrincipal {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The id that authorization errors name. */
  readonly objectId: string;
}

interface EntraIdOptions {
  readonly url: string;
  readonly principal: ServicePrincipal;
  readonly tokens: AccessTokens;
  readonly tokenLifetimeSeconds: number;
  readonly now: () => number;
}

/** The OAuth error of each AADSTS code; whatever else is injected is an invalid_request. */
const oauthErrors: Readonly<Record<string, string>> = {
  AADSTS700016: "unauthorized_client",
  AADSTS7000215: "invalid_client",
  AADSTS7000216: "invalid_client",
  AADSTS500011: "invalid_resource",
  AADSTS70003: "unsupported_grant_type",
};

function entraIdService({ now }: EntraIdOptions): Service {
  return {
    headers: () => ({
      "Cache-Control": "no-store, no-cache",
      "Content-Type": "application/json; charset=utf-8",
      "x-ms-request-id": randomUUID(),
    }),
    errorBody: ({ code, message }) => {
      const trace = randomUUID();
      const correlation = randomUUID();
      const timestamp = `${new Date(now()).toISOString().slice(0, 19).replace("T", " ")}Z`;
      return {
        error: oauthErrors[code] ?? "invalid_request",
        error_description:
          `${code}: ${message} Trace ID: ${trace} Correlation ID: ${correlation} ` +
          `Timestamp: ${timestamp}`,
        error_codes: [Number(code.replace("AADSTS", ""))],
        timestamp,
        trace_id: trace,
        correlation_id: correlation,
      };
    },
  };
}

/** Microsoft Entra ID as far as a service principal needs it to sign in with its secret. */
export function entraIdRoutes(options: EntraIdOptions): Route[] {
  const service = entraIdService(options);
  return [
    {
      operation: "openIdConfiguration",
      method: "GET",
      path: "/{tenant}/v2.0/.well-known/openid-configuration",
      service,
      answer: (request) => openIdConfiguration(options, request),
    },
    {
      operation: "token",
      method: "POST",
      path: "/{tenant}/oauth2/v2.0/token",
      service,
      answer: (request) => token(options, request),
    },
  ];
}

function openIdConfiguration(options: EntraIdOptions, request: RoutedRequest): Reply {
  const authority = `${options.url}/${checkTenant(options, request)}`;
  return {
    status: 200,
    body: {
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post"],
      jwks_uri: `${authority}/discovery/v2.0/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
    },
  };
}

function token(options: EntraIdOptions, request: RoutedRequest): Reply {
  const tenant = checkTenant(options, request);
  const form = new URLSearchParams(request.body);
  checkGrantType(form);
  checkClient(options.principal, form);
  const audience = checkScope(options, form);
  const { clientId, objectId } = options.principal;
  return {
    status: 200,
    body: {
      token_type: "Bearer",
      expires_in: options.tokenLifetimeSeconds,
      ext_expires_in: options.tokenLifetimeSeconds,
      access_token: options.tokens.issue({
        aud: audience,
        iss: `${options.url}/${tenant}/`,
        tid: tenant,
        appid: clientId,
        oid: objectId,
      }),
    },
  };
}

function checkTenant({ principal }: EntraIdOptions, request: RoutedRequest): string {
  const tenant = request.parameters["tenant"] ?? "";
  if (tenant.toLowerCase() !== principal.tenantId) {
    throw new Failure(
      400,
      "AADSTS90002",
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are ` +
        "signing into the correct cloud. Check with your subscription administrator, this may " +
        "happen if there are no active subscriptions for the tenant.",
    );
  }
  return principal.tenantId;
}

function checkGrantType(form: URLSearchParams): void {
  const grantType = form.get("grant_type");
  if (grantType !== "client_credentials") {
    throw new Failure(400, "AADSTS70003", `The grant type '${grantType ?? ""}' is not supported.`);
  }
}

function checkClient(principal: ServicePrincipal, form: URLSearchParams): void {
  const clientId = form.get("client_id") ?? "";
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
  const secret = form.get("client_secret");
  if (secret === null) {
    throw new Failure(
      401,
      "AADSTS7000216",
      "'client_assertion', 'client_secret' or 'request' is required for the " +
        "'client_credentials' grant type.",
    );
  }
  if (secret !== principal.clientSecret) {
    throw new Failure(
      401,
      "AADSTS7000215",
      "Invalid client secret provided. Ensure the secret being sent in the request is the " +
        "client secret value, not the client secret ID, for a secret added to app " +
        `'${clientId}'.`,
    );
  }
}

/** The audience is the simulator itself; the Azure CLI's spelling has a slash more. */
function checkScope({ url, principal }: EntraIdOptions, form: URLSearchParams): string {
  const scopes = (form.get("scope") ?? "").split(" ");
  const scope = scopes.find((each) => each.endsWith("/.default")) ?? "";
  const audience = scope.slice(0, -"/.default".length);
  if (audience !== url && audience !== `${url}/`) {
    throw new Failure(
      400,
      "AADSTS500011",
      `The resource principal named ${audience} was not found in the tenant named ` +
        `${principal.tenantId}. This can happen if the application has not been installed by ` +
        "the administrator of the tenant or consented to by any user in the tenant. You might " +
        "have sent your authentication request to the wrong tenant.",
    );
  }
  return audience;
}
