import { type AccountStore } from "./accountStore";
import { batchAccountRoutes } from "./batchAccounts";
import { batchDataPlaneRoutes } from "./batchDataPlane";
import { cloudMetadataRoute } from "./cloudMetadata";
import { type Identity } from "./identity/identity";
import { keyVaultRoutes } from "./keyVault/keyVaults";
import { secretsDataPlaneRoutes } from "./keyVault/secretsDataPlane";
import { LongRunningOperations } from "./longRunningOperations";
import { ResourceManager } from "./resourceManager";
import { Router } from "./router";
import { type SimulatorOptions } from "./simulatorOptions";
import { subscriptionRoutes } from "./subscriptions";
import { type Throttle } from "./throttle";

interface RoutesOptions {
  readonly url: string;
  readonly identity: Identity;
  readonly store: AccountStore;
  readonly throttle: Throttle;
  readonly keyVaultAudience: string;
  readonly keyVaultDns: string | null;
  readonly options: SimulatorOptions;
  readonly now: () => number;
}

/** Every service of the simulator, on one server. */
export function createRouter(parts: RoutesOptions): Router {
  const { url, identity, store, throttle, keyVaultAudience, options, now } = parts;
  const { principal, tokens } = identity;
  const { tenantId } = principal;
  const longRunningOperations = new LongRunningOperations({
    url,
    durationMs: options.longRunningOperationMs ?? 0,
    retryAfterSeconds: options.longRunningRetryAfterSeconds ?? 1,
    now,
  });
  const resourceManager = new ResourceManager({ url, principal, tokens, throttle, store, now });
  const pageSize = options.pageSize ?? 100;
  const resourceManagerRoutes = [
    ...subscriptionRoutes({ tenantId, store, longRunningOperations }),
    ...batchAccountRoutes({ url, store, longRunningOperations, pageSize, principal }),
    ...keyVaultRoutes(store),
  ];
  return new Router(
    [
      cloudMetadataRoute(url, parts.keyVaultDns),
      ...identity.routes,
      ...resourceManagerRoutes.map((route) => resourceManager.guard(route)),
      ...batchDataPlaneRoutes({ url, store, now }),
      ...secretsDataPlaneRoutes({ url, store, principal, tokens, audience: keyVaultAudience, now }),
    ],
    resourceManager.fallback,
  );
}
