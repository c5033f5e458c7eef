import { cloudByName, cloudFromMetadata, type Cloud } from "./clouds";
import type { AzureConfiguration } from "./configuration";
import { createCredential } from "./credential";
import { AzureError } from "./errors";
import { createHttp, describeFailure, wasNeverSent, type Http, type HttpOptions } from "./http";
import { redact } from "./redact";
import { createResourceManager, type ResourceManager } from "./resourceManager";

/** Azure as one configuration reaches it: its cloud, its Resource Manager, its data planes. */
export interface Azure {
  readonly cloud: Cloud;
  readonly resourceManager: ResourceManager;
  /** For requests to data planes: each is sent once, and soon given up, because a private endpoint
   * that this machine cannot reach must not hold up a rotation. */
  readonly dataPlane: Http;
}

/** @throws AzureError when the cloud or the credential cannot be had. */
export async function connect(
  configuration: AzureConfiguration,
  namespace: string,
  options: HttpOptions,
): Promise<Azure> {
  const cloud = await findCloud(configuration, createHttp(options));
  const credential = createCredential(configuration, namespace, cloud, options.tls);
  return {
    cloud,
    resourceManager: createResourceManager(cloud, credential, options),
    dataPlane: createHttp({
      ...options,
      attemptTimeout: 10_000,
      retry: { ...options.retry, maximumRetries: 0 },
    }),
  };
}

async function findCloud(configuration: AzureConfiguration, http: Http): Promise<Cloud> {
  const { metadataHost, environment } = configuration;
  if (metadataHost === "") return cloudByName(environment);
  const address = /^https?:\/\//i.test(metadataHost) ? metadataHost : `https://${metadataHost}`;
  const origin = URL.canParse(address) ? new URL(address) : undefined;
  try {
    if (origin?.protocol !== "https:" || origin.username !== "") {
      throw new Error("it is not the name of an https host");
    }
    const response = await http.send({
      method: "GET",
      url: new URL("/metadata/endpoints?api-version=2022-09-01", origin).href,
      repeatable: true,
    });
    if (response.status !== 200) throw new Error(`it answered ${String(response.status)}`);
    return cloudFromMetadata(JSON.parse(response.bodyAsText ?? ""));
  } catch (error) {
    const untrusted = wasNeverSent(error) && /certificate/i.test(describeFailure(error));
    throw new AzureError(
      `could not learn the cloud's endpoints from metadata host ${redact(origin?.host ?? metadataHost)}: ${describeFailure(error)}. Next: ${untrusted ? "name the file of its certificate authority in NODE_EXTRA_CA_CERTS" : "check ARM_METADATA_HOSTNAME (or metadataHost in the stack's configuration)"}`,
      "refused",
    );
  }
}
