import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessTokens } from "./accessTokens";
import { SimulatedAccount } from "./account";
import { AccountStore } from "./accountStore";
import { batchAccountRoutes } from "./batchAccounts";
import { batchDataPlaneRoutes } from "./batchDataPlane";
import { createCertificates } from "./certificateAuthority";
import { cloudMetadataRoute } from "./cloudMetadata";
import { entraIdRoutes, ServicePrincipal } from "./entraId";
import { FaultInjection, InjectedFault } from "./faults";
import { keyVaultRoutes } from "./keyVaults";
import { LongRunningOperations } from "./longRunningOperations";
import { RecordedRequest } from "./recordedRequest";
import { ResourceManager } from "./resourceManager";
import { Router } from "./router";
import { handle, listen, stop } from "./server";
import { AccountOptions, SimulatorOptions, VaultOptions } from "./simulatorOptions";
import { subscriptionRoutes } from "./subscriptions";
import { Throttle } from "./throttle";
import { SimulatedVault } from "./vault";

/** A running simulator. Made by {@link startSimulator}. */
export class Simulator {
  /** `https://localhost:PORT`: the endpoint of Resource Manager, Entra ID and the Batch service. */
  readonly url: string;
  /** The certificate to trust, PEM. */
  readonly certificateAuthority: string;
  /**
   * The same in a file, for NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE (Python, `az`) or
   * SSL_CERT_FILE (Go, so Pulumi's azure-native plugin). Removed by {@link close}.
   */
  readonly certificateAuthorityFile: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;

  readonly #server: Server;
  readonly #store: AccountStore;
  readonly #throttle: Throttle;
  readonly #requests: RecordedRequest[] = [];
  readonly #faults: InjectedFault[] = [];
  readonly #now: () => number;

  /** @internal */
  constructor(
    listening: { server: Server; port: number },
    authority: { pem: string; file: string },
    options: SimulatorOptions,
  ) {
    const host = `localhost:${String(listening.port)}`;
    const now = options.now ?? Date.now;
    this.url = `https://${host}`;
    this.certificateAuthority = authority.pem;
    this.certificateAuthorityFile = authority.file;
    this.subscriptionId = randomUUID();
    this.tenantId = randomUUID();
    this.clientId = randomUUID();
    this.clientSecret = randomBytes(24).toString("base64url");
    this.#server = listening.server;
    this.#now = now;
    this.#throttle = new Throttle(options.throttle ?? false, now);
    this.#store = new AccountStore({
      accountEndpoint: host,
      keyPropagationMs: options.keyPropagationMs ?? 0,
      now,
    });
    this.#store.addSubscription(this.subscriptionId);

    const handling = {
      url: this.url,
      router: this.#router(options),
      faults: this.#faults,
      requests: this.#requests,
      latencyMs: options.latencyMs ?? 0,
      now,
    };
    this.#server.on("request", (incoming, outgoing) => {
      // What is not answered as a failure is a request that broke off in the middle.
      handle(incoming, outgoing, handling).catch(() => outgoing.destroy());
    });
  }

  /**
   * The environment variables from which Pulumi's azure-native provider and programs like it
   * take their cloud and credentials, and NODE_EXTRA_CA_CERTS, which Node.js reads at its start.
   */
  environment(): Record<string, string> {
    return {
      ARM_METADATA_HOSTNAME: new URL(this.url).host,
      ARM_DISABLE_INSTANCE_DISCOVERY: "true",
      ARM_TENANT_ID: this.tenantId,
      ARM_CLIENT_ID: this.clientId,
      ARM_CLIENT_SECRET: this.clientSecret,
      ARM_SUBSCRIPTION_ID: this.subscriptionId,
      NODE_EXTRA_CA_CERTS: this.certificateAuthorityFile,
    };
  }

  /** Adds a Batch account, with its subscription and resource group, and returns its id. */
  createAccount(options: AccountOptions): string {
    const { name } = options;
    if (this.#store.accountByName(name)) {
      throw new Error(`The simulator already has a Batch account named "${name}".`);
    }
    const account = this.#store.addAccount(this.#scope(options), this.#now());
    account.update({
      ...(options.tags && { tags: options.tags }),
      properties: {
        ...options.properties,
        ...(options.allowedAuthenticationModes && {
          allowedAuthenticationModes: options.allowedAuthenticationModes,
        }),
      },
    });
    return account.id;
  }

  /** Adds a key vault, with its subscription and resource group. */
  createVault(options: VaultOptions): SimulatedVault {
    if (this.#store.vaultByName(options.name)) {
      throw new Error(`The simulator already has a key vault named "${options.name}".`);
    }
    return this.#store.addVault(this.#scope(options));
  }

  /** The key vault with this name, to look into. Throws if there is none. */
  vault(name: string): SimulatedVault {
    const vault = this.#store.vaultByName(name);
    if (!vault) {
      throw new Error(`The simulator has no key vault "${name}".`);
    }
    return vault;
  }

  /** The account with this id, to look at and to disturb. Throws if there is none. */
  account(id: string): SimulatedAccount {
    const account = this.#store.accountById(id);
    if (!account) {
      throw new Error(`The simulator has no Batch account "${id}".`);
    }
    return account;
  }

  /** Every request so far, oldest first. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  /** Requests that the throttle has refused so far; injected 429s do not count. */
  get throttledRequests(): number {
    return this.#throttle.refused;
  }

  /** Makes requests to come go wrong. Of several faults, the oldest that fits befalls a request. */
  inject(injection: FaultInjection): InjectedFault {
    const fault = new InjectedFault(injection);
    this.#faults.push(fault);
    return fault;
  }

  /** Stops the server, with open connections, and removes the certificate file. */
  async close(): Promise<void> {
    await stop(this.#server);
    await rm(join(this.certificateAuthorityFile, ".."), { recursive: true, force: true });
  }

  /** Where a resource of these options is to be; its subscription and group are there then. */
  #scope(options: VaultOptions) {
    const { name, subscriptionId = this.subscriptionId, location = "westeurope" } = options;
    const resourceGroupName = options.resourceGroupName ?? "simulator";
    this.#store.addSubscription(subscriptionId);
    if (!this.#store.resourceGroup(subscriptionId, resourceGroupName)) {
      this.#store.putResourceGroup(subscriptionId, { name: resourceGroupName, location });
    }
    return { subscriptionId, resourceGroupName, name, location };
  }

  #router(options: SimulatorOptions): Router {
    const { url, tenantId, clientId, clientSecret } = this;
    const now = this.#now;
    const store = this.#store;
    const principal: ServicePrincipal = {
      tenantId,
      clientId,
      clientSecret,
      objectId: randomUUID(),
    };
    const tokenLifetimeSeconds = options.tokenLifetimeSeconds ?? 3599;
    const tokens = new AccessTokens(tokenLifetimeSeconds, now);
    const longRunningOperations = new LongRunningOperations({
      url,
      durationMs: options.longRunningOperationMs ?? 0,
      retryAfterSeconds: options.longRunningRetryAfterSeconds ?? 1,
      now,
    });
    const resourceManager = new ResourceManager({
      url,
      principal,
      tokens,
      throttle: this.#throttle,
      store,
      now,
    });
    const pageSize = options.pageSize ?? 100;
    const resourceManagerRoutes = [
      ...subscriptionRoutes({ tenantId, store, longRunningOperations }),
      ...batchAccountRoutes({ url, store, longRunningOperations, pageSize, principal }),
      ...keyVaultRoutes(store),
    ];
    return new Router(
      [
        cloudMetadataRoute(url),
        ...entraIdRoutes({ url, principal, tokens, tokenLifetimeSeconds, now }),
        ...resourceManagerRoutes.map((route) => resourceManager.guard(route)),
        ...batchDataPlaneRoutes({ url, store, now }),
      ],
      resourceManager.fallback,
    );
  }
}

/**
 * Starts an embedded Azure: Resource Manager, Entra ID and the Batch service on one HTTPS
 * server on localhost, at a free port, with a certificate authority and credentials of its own.
 *
 * @example
 * const simulator = await startSimulator({ keyPropagationMs: 500 });
 * const account = simulator.account(simulator.createAccount({ name: "acct" }));
 * // ... run the program under test with simulator.environment() ...
 * account.keyWorks("Primary");
 * await simulator.close();
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const certificates = await createCertificates();
  const directory = await mkdtemp(join(tmpdir(), "azure-simulator-"));
  const file = join(directory, "certificate-authority.pem");
  await writeFile(file, certificates.authority);
  const listening = await listen(certificates);
  return new Simulator(listening, { pem: certificates.authority, file }, options);
}
