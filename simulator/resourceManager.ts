import { randomUUID } from "node:crypto";
import { accountId } from "./account";
import { type AccountStore } from "./accountStore";
import { Failure } from "./failure";
import { type AccessTokens } from "./identity/accessTokens";
import { type ServicePrincipal } from "./identity/servicePrincipal";
import { vaultId } from "./keyVault/vault";
import { type Answer, type Route, type RoutedRequest, type Service } from "./route";
import { type RequestKind, type Throttle } from "./throttle";

interface ResourceManagerOptions {
  readonly url: string;
  readonly principal: ServicePrincipal;
  readonly tokens: AccessTokens;
  readonly throttle: Throttle;
  readonly store: AccountStore;
  readonly now: () => number;
}

/** A route of Resource Manager before its front door is put in front of it. */
export type ResourceManagerRoute = Omit<Route, "service">;

/** The body in which Resource Manager answers a failure. */
export function resourceManagerErrorBody({ code, message, details }: Failure): unknown {
  const { target } = details;
  return { error: { code, message, ...(target !== undefined && { target }) } };
}

/** Resource Manager's front door: what it checks of every request, and adds to every response. */
export class ResourceManager implements Service {
  readonly errorBody = resourceManagerErrorBody;
  readonly #options: ResourceManagerOptions;

  constructor(options: ResourceManagerOptions) {
    this.#options = options;
  }

  /** Puts the front door in front of a route. */
  guard(route: ResourceManagerRoute): Route {
    return { ...route, service: this, answer: (request) => this.#admit(request, route) };
  }

  /** Answers what no route matches. */
  get fallback(): Route {
    return this.guard({
      operation: "unknown",
      method: "*",
      path: "",
      answer: ({ method, url }) => {
        throw new Failure(404, "InvalidResourceType", `No ${method} of '${url.pathname}' here.`);
      },
    });
  }

  accountId({ parameters }: RoutedRequest): string | undefined {
    const { subscriptionId, resourceGroupName, accountName } = parameters;
    if (subscriptionId === undefined || resourceGroupName === undefined || !accountName) {
      return undefined;
    }
    const id = accountId({ subscriptionId, resourceGroupName, name: accountName });
    return this.#options.store.accountById(id)?.id ?? id;
  }

  vaultId({ parameters }: RoutedRequest): string | undefined {
    const { subscriptionId, resourceGroupName, vaultName } = parameters;
    if (subscriptionId === undefined || resourceGroupName === undefined || !vaultName) {
      return undefined;
    }
    const id = vaultId({ subscriptionId, resourceGroupName, name: vaultName });
    const found = this.#options.store.vaultByName(vaultName)?.id;
    return found?.toLowerCase() === id.toLowerCase() ? found : id;
  }

  headers(request: RoutedRequest): Record<string, string> {
    const { now, throttle } = this.#options;
    const { subscriptionId } = request.parameters;
    const kind = requestKind(request);
    const correlationId = randomUUID();
    const time = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, "");
    return {
      "Cache-Control": "no-cache",
      "Content-Type": "application/json; charset=utf-8",
      Expires: "-1",
      Pragma: "no-cache",
      Server: "Microsoft-HTTPAPI/2.0",
      "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
      "X-Content-Type-Options": "nosniff",
      "x-ms-correlation-request-id": correlationId,
      "x-ms-request-id": randomUUID(),
      "x-ms-routing-request-id": `SIMULATOR:${time}:${correlationId}`,
      ...(subscriptionId !== undefined && {
        [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(
          throttle.remaining(subscriptionId, kind),
        ),
      }),
    };
  }

  #admit(request: RoutedRequest, route: ResourceManagerRoute): Answer {
    this.#checkToken(request);
    checkApiVersion(request);
    const { subscriptionId } = request.parameters;
    if (subscriptionId !== undefined) {
      this.#checkThrottle(subscriptionId, requestKind(request));
      if (!this.#options.store.hasSubscription(subscriptionId)) {
        const message = `The subscription '${subscriptionId}' could not be found.`;
        throw new Failure(404, "SubscriptionNotFound", message);
      }
    }
    return route.answer(request);
  }

  #checkToken({ headers }: RoutedRequest): void {
    const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? "") ?? [];
    if (token === undefined) {
      throw this.#unauthorized(
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing.",
        "The authentication failed because of missing 'Authorization' header.",
      );
    }
    const accessToken = this.#options.tokens.read(token);
    if (!accessToken) {
      const message = "The access token is invalid.";
      throw this.#unauthorized("InvalidAuthenticationToken", message, message);
    }
    this.#checkAudience(accessToken.audience);
    const now = new Date(this.#options.now());
    if (accessToken.expiresAt <= now) {
      const message =
        `The access token expiry UTC time '${usTime(accessToken.expiresAt)}' is earlier than ` +
        `current UTC time '${usTime(now)}'.`;
      throw this.#unauthorized("ExpiredAuthenticationToken", message, message);
    }
    if (accessToken.revoked) {
      throw this.#claimsChallenge();
    }
  }

  #checkAudience(audience: string): void {
    const { url } = this.#options;
    const allowed = [url, `${url}/`];
    if (allowed.includes(audience)) return;
    const message =
      `The access token has been obtained for wrong audience or resource '${audience}'. It should ` +
      `exactly match with one of the allowed audiences '${allowed.join("','")}'.`;
    throw this.#unauthorized("InvalidAuthenticationTokenAudience", message, message);
  }

  #unauthorized(code: string, message: string, description: string): Failure {
    const challenge = { error: "invalid_token", error_description: description };
    return this.#challenge(code, message, challenge);
  }

  /** Continuous Access Evaluation: the client is to ask for a token with these claims. */
  #claimsChallenge(): Failure {
    const { requiredClaims } = this.#options.tokens.sessions;
    return this.#challenge(
      "InvalidAuthenticationToken",
      "Continuous access evaluation resulted in challenge with result: InteractionRequired and " +
        "code: TokenIssuedBeforeRevocationTimestamp",
      {
        error: "insufficient_claims",
        error_description: "User session has been revoked",
        claims: Buffer.from(requiredClaims).toString("base64"),
      },
    );
  }

  #challenge(code: string, message: string, challenge: Record<string, string>): Failure {
    const authorizationUri = `${this.#options.url}/${this.#options.principal.tenantId}`;
    const parameters = Object.entries({ authorization_uri: authorizationUri, ...challenge });
    const list = parameters.map(([name, value]) => `${name}="${value}"`).join(", ");
    return new Failure(401, code, message, { headers: { "WWW-Authenticate": `Bearer ${list}` } });
  }

  #checkThrottle(subscriptionId: string, kind: RequestKind): void {
    const seconds = this.#options.throttle.take(subscriptionId, kind);
    if (seconds !== undefined) {
      throw new Failure(
        429,
        "SubscriptionRequestsThrottled",
        `Number of '${kind.slice(0, -1)}' requests for subscription '${subscriptionId}' ` +
          `actor '${this.#options.principal.objectId}' exceeded. ` +
          `Please try again after '${String(seconds)}' seconds.`,
        { headers: { "Retry-After": String(seconds) } },
      );
    }
  }
}

function requestKind({ method }: RoutedRequest): RequestKind {
  switch (method) {
    case "GET":
      return "reads";
    case "DELETE":
      return "deletes";
    default:
      return "writes";
  }
}

function checkApiVersion({ url }: RoutedRequest): void {
  const apiVersion = url.searchParams.get("api-version");
  if (apiVersion === null) {
    throw new Failure(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(apiVersion)) {
    throw new Failure(
      400,
      "InvalidApiVersionParameter",
      `The api-version '${apiVersion}' is invalid. Its form is YYYY-MM-DD or YYYY-MM-DD-preview.`,
    );
  }
}

/** The way Resource Manager writes a time in a message: 11/24/2025 11:31:00 PM. */
function usTime(time: Date): string {
  return time.toLocaleString("en-US", { timeZone: "UTC" }).replace(",", "").replace(/\s/g, " ");
}
