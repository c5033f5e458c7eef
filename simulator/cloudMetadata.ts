import { resourceManagerErrorBody } from "./resourceManager";
import { type Route, type Service } from "./route";

const metadataService: Service = {
  headers: () => ({ "Content-Type": "application/json; charset=utf-8" }),
  errorBody: resourceManagerErrorBody,
};

/**
 * What clients ask, without signing in, to learn the endpoints of a cloud.
 * @param keyVaultDns null for a cloud that tells no suffix of key vaults.
 */
export function cloudMetadataRoute(url: string, keyVaultDns: string | null): Route {
  const { host } = new URL(url);
  return {
    operation: "metadata",
    method: "GET",
    path: "/metadata/endpoints",
    service: metadataService,
    answer: () => ({
      status: 200,
      body: {
        name: "Simulator",
        portal: url,
        authentication: {
          loginEndpoint: url,
          audiences: [url, `${url}/`],
          tenant: "common",
          identityProvider: "AAD",
        },
        resourceManager: url,
        batch: `${url}/`,
        graph: url,
        graphAudience: url,
        microsoftGraphResourceId: `${url}/`,
        suffixes: {
          batch: host,
          ...(keyVaultDns !== null && { keyVaultDns }),
          storage: "storage.localhost",
        },
      },
    }),
  };
}
