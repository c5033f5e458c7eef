import { SUBSCRIPTION_ID as GUID } from "../rotation/batchAccountId";
import { createArmHttp, createResourceManager, type ResourceManager } from "./arm/resourceManager";
import type { Cloud } from "./clouds";
import type { AzureConfiguration } from "./configuration";
import { findCloud } from "./findCloud";
import { createHttp, type Http, type HttpOptions } from "./http/client";
import { requireProxyUrl } from "./http/proxy";
import { DEFAULT_RETRY } from "./http/retry";
import type { KeyVaultSecret } from "./keyVault/keyVault";
import type * as SecretClient from "./keyVault/secretClient";
import { redact } from "./redact";
import { type AzureCli } from "./signIn/azureCli";
import { createCredential, SIGN_IN_TIMEOUT } from "./signIn/credential";
import { signInFailure } from "./signIn/signInFailure";
import { chooseSignInMethod } from "./signIn/signInMethod";

/** Azure as one configuration reaches it: its cloud, its Resource Manager, its data planes. */
export interface Azure {
  readonly cloud: Cloud;
  readonly resourceManager: ResourceManager;
  /**
   * For requests to data planes: each is sent once, and soon given up, because a private endpoint
   * that this machine cannot reach must not hold up a rotation.
   */
  readonly dataPlane: Http;
  /**
   * A secret of a key vault, through the vault's own service.
   * @throws NotSentError when the vault is not one of this cloud's.
   */
  readonly keyVaultSecret: (vaultUri: string, name: string) => KeyVaultSecret;
}

/**
 * @param cli the Azure CLI, which signs in where nothing else is configured.
 * @throws NotSentError when the cloud is not found, or no credential can be made.
 */
export async function connect(
  configuration: AzureConfiguration,
  namespace: string,
  cli: AzureCli,
  options: HttpOptions,
): Promise<Azure> {
  requireProxyUrl(process.env);
  const method = chooseSignInMethod(configuration, namespace);
  const signIn = { method, configuration, namespace };
  const http = createHttp({
    ...options,
    retry: { ...options.retry, maximumRetries: 1 },
    longestCall: SIGN_IN_TIMEOUT,
  });
  const cloud = await findCloud(
    configuration,
    http,
    method.kind === "AzureCli" ? cli : undefined,
  ).catch((error: unknown) => {
    throw signInFailure(error, signIn);
  });
  const credential = await createCredential({
    signIn,
    cloud,
    cli,
    http,
    firstDelay: options.retry?.firstDelay ?? DEFAULT_RETRY.firstDelay,
    tls: options.tls,
  });
  let secrets: ReturnType<typeof SecretClient.keyVaultSecrets> | undefined;
  return {
    cloud,
    resourceManager: createResourceManager(
      cloud.resourceManager,
      createArmHttp(cloud, credential, options),
      method.kind === "AzureCli" ? await otherTenant(configuration, cli) : "",
    ),
    dataPlane: createHttp({ ...options, attemptTimeout: 10_000, longestCall: 0 }),
    keyVaultSecret(vaultUri, name) {
      // Loaded by those alone who keep keys in a vault.
      const { keyVaultSecrets } = require("./keyVault/secretClient") as typeof SecretClient;
      secrets ??= keyVaultSecrets(cloud, credential, options);
      return secrets(vaultUri, name);
    },
  };
}

/** The CLI's tokens are of its own tenant, whatever `tenantId` says; azure-native accepts that. */
async function otherTenant(
  { subscriptionId, tenantId }: AzureConfiguration,
  cli: AzureCli,
): Promise<string> {
  const { tenantId: actual } = await cli.account(subscriptionId);
  // A tenant can be named by one of its domains, too, which cannot be compared.
  const differs = GUID.test(tenantId) && tenantId.toLowerCase() !== actual.toLowerCase();
  return differs && actual !== ""
    ? `The Azure CLI is signed in to tenant ${redact(actual)}, but the configured tenantId is ${tenantId}: run "az login --tenant ${tenantId}"`
    : "";
}
