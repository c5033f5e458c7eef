import { randomBytes, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type SimulatedAccount } from "./account";
import { AccountStore } from "./accountStore";
import { type FaultInjection, InjectedFault } from "./faults";
import { Identity } from "./identity/identity";
import type { SimulatedVault } from "./keyVault/vault";
import { type RecordedRequest } from "./recordedRequest";
import { createRouter } from "./routes";
import { handle, type Listening, stop } from "./server";
import {
  type AccountOptions,
  type FederatedTokenOptions,
  type MoveOptions,
  type SimulatorOptions,
  type VaultOptions,
} from "./simulatorOptions";
import { Throttle } from "./throttle";

/** A running simulator. Made by `startSimulator`. */
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
  /** Its subscription: the one of accounts and vaults that are made without another. */
  readonly subscriptionId: string;
  /** The tenant of its service principal. */
  readonly tenantId: string;
  /** Its service principal. */
  readonly clientId: string;
  /** The service principal's secret. */
  readonly clientSecret: string;
  /** The audience of tokens for key vaults: what their authentication challenge asks for. */
  readonly keyVaultAudience: string;

  readonly #listening: Listening;
  readonly #identity: Identity;
  readonly #store: AccountStore;
  readonly #throttle: Throttle;
  readonly #requests: RecordedRequest[] = [];
  readonly #faults: InjectedFault[] = [];
  readonly #now: () => number;

  /** @internal */
  constructor(
    listening: Listening,
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
    const { keyVaultDns = "localhost" } = options;
    this.keyVaultAudience = `https://${keyVaultDns ?? "vault.azure.net"}`;
    this.#listening = listening;
    this.#now = now;
    this.#identity = new Identity({
      url: this.url,
      keyVaultAudience: this.keyVaultAudience,
      tenantId: this.tenantId,
      clientId: this.clientId,
      clientSecret: this.clientSecret,
      tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3599,
      now,
    });
    this.#throttle = new Throttle(options.throttle ?? false, now);
    this.#store = new AccountStore({
      accountEndpoint: host,
      keyPropagationMs: options.keyPropagationMs ?? 0,
      vaultPorts: listening.vaultPorts,
      tenantId: this.tenantId,
      secretDeletionMs: options.secretDeletionMs ?? 0,
      now,
    });
    this.#store.addSubscription(this.subscriptionId);

    const handling = {
      url: this.url,
      router: createRouter({
        url: this.url,
        identity: this.#identity,
        store: this.#store,
        throttle: this.#throttle,
        keyVaultAudience: this.keyVaultAudience,
        keyVaultDns,
        options,
        now,
      }),
      faults: this.#faults,
      requests: this.#requests,
      latencyMs: options.latencyMs ?? 0,
      now,
    };
    listening.server.on("request", (incoming, outgoing) => {
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

  /**
   * Gives the application a certificate: a client that signs its assertions with the key of it
   * can sign in from then on. The client secret stays good.
   * @param pem an X.509 certificate of an RSA key, PEM; a private key beside it is not looked at.
   */
  registerCertificate(pem: string): void {
    this.#identity.certificates.register(pem);
  }

  /**
   * An ID token of the issuer that the application's federated credential trusts, to sign in with
   * as a client assertion. What the options leave out is as the credential wants it.
   */
  federatedToken(options: FederatedTokenOptions = {}): string {
    return this.#identity.federatedCredential.issueToken(options);
  }

  /**
   * The environment variables of a GitHub Actions job that may ask for ID tokens
   * (`permissions: id-token: write`). The tokens are those of {@link federatedToken}.
   */
  githubActionsEnvironment(): Record<string, string> {
    return this.#identity.githubActions.environment();
  }

  /**
   * The environment variables in which App Service names its managed identity endpoint. The
   * system-assigned identity, and a user-assigned one whose client id is {@link clientId}, are
   * the simulator's service principal.
   */
  managedIdentityEnvironment(): Record<string, string> {
    return this.#identity.managedIdentity.environment();
  }

  /**
   * A new access token, such as `az account get-access-token` prints.
   * @param resource without one, Resource Manager; {@link keyVaultAudience} for key vaults.
   */
  accessToken(resource = `${this.url}/`): string {
    return this.#identity.tokens.issue(resource);
  }

  /**
   * Continuous Access Evaluation: Resource Manager answers every access token so far with 401 and
   * a claims challenge. A token request to Entra ID has to carry the `claims` of the challenge;
   * without them it gets further tokens that Resource Manager refuses. Tokens of the managed
   * identity endpoint and of {@link accessToken} are good again if they are asked for anew.
   */
  revokeSessions(): void {
    this.#identity.tokens.sessions.revoke();
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
        ...(options.allowedAuthenticationModes !== undefined && {
          allowedAuthenticationModes: options.allowedAuthenticationModes,
        }),
      },
    });
    return account.id;
  }

  /**
   * Moves an account to another resource group, subscription or both, which are there then, and
   * returns its new id. All else of it stays; at its old id there is nothing any more.
   */
  moveAccount(id: string, to: MoveOptions): string {
    const account = this.account(id);
    const { name, location, subscriptionId, resourceGroupName } = account;
    account.move(this.#scope({ name, location, subscriptionId, resourceGroupName, ...to }));
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

  /** Every request so far, oldest first, without body, token or key. */
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
    await stop(this.#listening);
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
}
