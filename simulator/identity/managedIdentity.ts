import { randomBytes, randomUUID } from "node:crypto";
import { Failure } from "../failure";
import { type Reply, type Route, type RoutedRequest, type Service } from "../route";
import { type AccessTokens } from "./accessTokens";
import { checkResource } from "./resource";
import { type ServicePrincipal } from "./servicePrincipal";

interface ManagedIdentityOptions {
  readonly url: string;
  /** What access tokens can be asked for. */
  readonly resources: readonly string[];
  readonly principal: ServicePrincipal;
  readonly tokens: AccessTokens;
  readonly now: () => number;
}

const PATH = "/msi/token";
const API_VERSION = "2019-08-01";

const appService: Service = {
  headers: () => ({ "Content-Type": "application/json; charset=utf-8" }),
  errorBody: ({ status, message }) => ({
    statusCode: status,
    message,
    correlationId: randomUUID(),
  }),
};

/**
 * The managed identity endpoint of App Service, written from its documentation:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export class ManagedIdentity {
  readonly #options: ManagedIdentityOptions;
  /** What only programs on the same host can know. */
  readonly #identityHeader = randomBytes(16).toString("hex");

  constructor(options: ManagedIdentityOptions) {
    this.#options = options;
  }

  environment(): Record<string, string> {
    return {
      IDENTITY_ENDPOINT: `${this.#options.url}${PATH}`,
      IDENTITY_HEADER: this.#identityHeader,
    };
  }

  get route(): Route {
    return {
      operation: "managedIdentityToken",
      method: "GET",
      path: PATH,
      service: appService,
      answer: (request) => this.#token(request),
    };
  }

  #token(request: RoutedRequest): Reply {
    this.#checkIdentityHeader(request);
    const query = request.url.searchParams;
    checkApiVersion(query.get("api-version") ?? "");
    this.#checkClientId(query.get("client_id"));
    const { resources, principal, tokens, now } = this.#options;
    const resource = checkResource(query.get("resource") ?? "", resources, principal.tenantId);
    return {
      status: 200,
      body: {
        access_token: tokens.issue(resource),
        expires_on: String(Math.floor(now() / 1000 + tokens.lifetimeSeconds)),
        resource,
        token_type: "Bearer",
        client_id: principal.clientId,
      },
    };
  }

  /** Azure's own words are not documented. */
  #checkIdentityHeader({ headers }: RoutedRequest): void {
    if (headers["x-identity-header"] !== this.#identityHeader) {
      throw new Failure(401, "Unauthorized", "The X-IDENTITY-HEADER is missing or not valid.");
    }
  }

  /** Without a client id the system-assigned identity is meant. */
  #checkClientId(clientId: string | null): void {
    if (clientId !== null && clientId.toLowerCase() !== this.#options.principal.clientId) {
      throw new Failure(
        400,
        "BadRequest",
        "No User Assigned or Delegated Managed Identity found for specified " +
          "ClientId/ResourceId/PrincipalId.",
      );
    }
  }
}

function checkApiVersion(given: string): void {
  if (given !== API_VERSION) {
    const message = `The API version '${given}' is not supported.`;
    throw new Failure(400, "UnsupportedApiVersion", message);
  }
}
