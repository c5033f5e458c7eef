import { randomUUID } from "node:crypto";
import { Failure } from "../failure";
import { type Reply, type Route, type RoutedRequest, type Service } from "../route";
import { type AccessTokens } from "./accessTokens";
import { authenticateClient, type ClientCredentials } from "./clientAuthentication";
import { checkResource } from "./resource";

interface EntraIdOptions {
  readonly url: string;
  /** What access tokens can be asked for. */
  readonly resources: readonly string[];
  readonly credentials: ClientCredentials;
  readonly tokens: AccessTokens;
  readonly now: () => number;
}

/** The OAuth error of each AADSTS code; whatever else is injected is an invalid_request. */
const oauthErrors: Readonly<Record<string, string>> = {
  AADSTS700016: "unauthorized_client",
  AADSTS7000215: "invalid_client",
  AADSTS7000216: "invalid_client",
  AADSTS700021: "invalid_client",
  AADSTS700023: "invalid_client",
  AADSTS700024: "invalid_client",
  AADSTS700027: "invalid_client",
  AADSTS700211: "invalid_client",
  AADSTS700212: "invalid_client",
  AADSTS700213: "invalid_client",
  AADSTS50013: "invalid_client",
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

/** Microsoft Entra ID as far as a service principal needs it to sign in. */
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
      token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
      jwks_uri: `${authority}/discovery/v2.0/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
    },
  };
}

function token(options: EntraIdOptions, request: RoutedRequest): Reply {
  checkTenant(options, request);
  const form = new URLSearchParams(request.body);
  checkGrantType(form);
  authenticateClient(options.credentials, form);
  const audience = checkScope(options, form);
  const { tokens } = options;
  const session = tokens.sessions.enter(form.get("claims"));
  return {
    status: 200,
    body: {
      token_type: "Bearer",
      expires_in: tokens.lifetimeSeconds,
      ext_expires_in: tokens.lifetimeSeconds,
      access_token: tokens.issue(audience, session),
    },
  };
}

function checkTenant({ credentials }: EntraIdOptions, request: RoutedRequest): string {
  const { tenantId } = credentials.principal;
  const tenant = request.parameters["tenant"] ?? "";
  if (tenant.toLowerCase() !== tenantId) {
    throw new Failure(
      400,
      "AADSTS90002",
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are ` +
        "signing into the correct cloud. Check with your subscription administrator, this may " +
        "happen if there are no active subscriptions for the tenant.",
    );
  }
  return tenantId;
}

function checkGrantType(form: URLSearchParams): void {
  const grantType = form.get("grant_type");
  if (grantType !== "client_credentials") {
    throw new Failure(400, "AADSTS70003", `The grant type '${grantType ?? ""}' is not supported.`);
  }
}

function checkScope({ resources, credentials }: EntraIdOptions, form: URLSearchParams): string {
  const scopes = (form.get("scope") ?? "").split(" ");
  const scope = scopes.find((each) => each.endsWith("/.default")) ?? "";
  const resource = scope.slice(0, -"/.default".length);
  return checkResource(resource, resources, credentials.principal.tenantId);
}
