import { randomUUID } from "node:crypto";
import { AccessTokens } from "./accessTokens";
import { ClientCertificates } from "./clientCertificates";
import { entraIdRoutes } from "./entraId";
import { FederatedCredential } from "./federatedCredential";
import { GitHubActions } from "./githubActions";
import { ManagedIdentity } from "./managedIdentity";
import { Route } from "../route";
import { ServicePrincipal } from "./servicePrincipal";

interface IdentityOptions {
  readonly url: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenLifetimeSeconds: number;
  readonly now: () => number;
}

/** The application with all its ways to sign in, and the services that take part in them. */
export class Identity {
  readonly principal: ServicePrincipal;
  readonly tokens: AccessTokens;
  readonly certificates: ClientCertificates;
  readonly federatedCredential: FederatedCredential;
  readonly githubActions: GitHubActions;
  readonly managedIdentity: ManagedIdentity;
  readonly routes: readonly Route[];

  constructor(options: IdentityOptions) {
    const { url, tenantId, clientId, clientSecret, tokenLifetimeSeconds, now } = options;
    const principal = { tenantId, clientId, clientSecret, objectId: randomUUID() };
    const lifetimeSeconds = tokenLifetimeSeconds;
    this.principal = principal;
    this.tokens = new AccessTokens({ url, principal, lifetimeSeconds, now });
    this.certificates = new ClientCertificates({ url, tenantId, clientId, now });
    this.federatedCredential = new FederatedCredential(url, now);
    this.githubActions = new GitHubActions(url, this.federatedCredential);
    this.managedIdentity = new ManagedIdentity({ url, principal, tokens: this.tokens, now });
    this.routes = [
      ...entraIdRoutes({ url, credentials: this, tokens: this.tokens, now }),
      this.githubActions.route,
      this.managedIdentity.route,
    ];
  }
}
