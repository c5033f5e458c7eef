import { randomUUID } from "node:crypto";
import { type Route } from "../route";
import { AccessTokens } from "./accessTokens";
import { ClientCertificates } from "./clientCertificates";
import { entraIdRoutes } from "./entraId";
import { FederatedCredential } from "./federatedCredential";
import { GitHubActions } from "./githubActions";
import { ManagedIdentity } from "./managedIdentity";
import { type ServicePrincipal } from "./servicePrincipal";

interface IdentityOptions {
  readonly url: string;
  /** The audience of tokens for key vaults. */
  readonly keyVaultAudience: string;
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
    // Resource Manager is the simulator itself; the Azure CLI's spelling has a slash more.
    const resources = [url, `${url}/`, options.keyVaultAudience];
    this.principal = principal;
    this.tokens = new AccessTokens({ url, principal, lifetimeSeconds, now });
    this.certificates = new ClientCertificates({ url, tenantId, clientId, now });
    this.federatedCredential = new FederatedCredential(url, now);
    this.githubActions = new GitHubActions(url, this.federatedCredential);
    this.managedIdentity = new ManagedIdentity({
      url,
      resources,
      principal,
      tokens: this.tokens,
      now,
    });
    this.routes = [
      ...entraIdRoutes({ url, resources, credentials: this, tokens: this.tokens, now }),
      this.githubActions.route,
      this.managedIdentity.route,
    ];
  }
}
