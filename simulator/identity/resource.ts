import { Failure } from "../failure";

/** The resource that an access token is asked for, which becomes its audience. */
export function checkResource(
  resource: string,
  resources: readonly string[],
  tenantId: string,
): string {
  if (!resources.includes(resource)) {
    throw new Failure(
      400,
      "AADSTS500011",
      `The resource principal named ${resource} was not found in the tenant named ` +
        `${tenantId}. This can happen if the application has not been installed by ` +
        "the administrator of the tenant or consented to by any user in the tenant. You might " +
        "have sent your authentication request to the wrong tenant.",
    );
  }
  return resource;
}
