/** The one application that can sign in. */
export interface ServicePrincipal {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The id that authorization errors name. */
  readonly objectId: string;
}
