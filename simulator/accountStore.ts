import { type AccountSurroundings, SimulatedAccount } from "./account";
import { SimulatedVault, type VaultScope, type VaultSurroundings } from "./keyVault/vault";
import type { VaultPorts } from "./keyVault/vaultPorts";

/** A resource group, as a PUT request made it. */
export interface ResourceGroup {
  readonly name: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where an account is to be. */
export interface AccountScope {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly name: string;
  readonly location: string;
}

/** Accounts from one position of a list, and the position after them if there are more. */
export interface AccountPage {
  readonly accounts: readonly SimulatedAccount[];
  readonly next: number | undefined;
}

/** What accounts and vaults get from the simulator they live in. */
export interface StoreSurroundings extends AccountSurroundings, Omit<VaultSurroundings, "port"> {
  readonly vaultPorts: VaultPorts;
}

/**
 * The subscriptions, resource groups, Batch accounts and key vaults. Names and ids are matched
 * without case.
 */
export class AccountStore {
  readonly #subscriptions = new Map<string, Map<string, ResourceGroup>>();
  /** By name, which is unique in a region and so in the one region simulated. */
  readonly #accounts = new Map<string, SimulatedAccount>();
  /** By name, which is unique in all of Azure. */
  readonly #vaults = new Map<string, SimulatedVault>();
  readonly #surroundings: StoreSurroundings;

  constructor(surroundings: StoreSurroundings) {
    this.#surroundings = surroundings;
  }

  addSubscription(subscriptionId: string): void {
    const key = subscriptionId.toLowerCase();
    this.#subscriptions.set(key, this.#subscriptions.get(key) ?? new Map<string, ResourceGroup>());
  }

  get subscriptionIds(): string[] {
    return [...this.#subscriptions.keys()];
  }

  hasSubscription(subscriptionId: string): boolean {
    return this.#subscriptions.has(subscriptionId.toLowerCase());
  }

  resourceGroups(subscriptionId: string): ResourceGroup[] {
    return [...this.#groups(subscriptionId).values()];
  }

  resourceGroup(subscriptionId: string, name: string): ResourceGroup | undefined {
    return this.#groups(subscriptionId).get(name.toLowerCase());
  }

  putResourceGroup(subscriptionId: string, group: ResourceGroup): void {
    this.#groups(subscriptionId).set(group.name.toLowerCase(), group);
  }

  /** Deletes the group with the accounts and the vaults in it. */
  deleteResourceGroup(subscriptionId: string, name: string): void {
    this.#groups(subscriptionId).delete(name.toLowerCase());
    for (const account of this.#inScope(subscriptionId, name)) {
      account.delete();
    }
    for (const vault of this.vaults(subscriptionId, name)) {
      this.deleteVault(vault);
    }
  }

  /** @param readyAt when the account will have been provisioned, in milliseconds since 1970. */
  addAccount(scope: AccountScope, readyAt: number): SimulatedAccount {
    const account = new SimulatedAccount(scope, readyAt, this.#surroundings);
    this.#accounts.set(scope.name.toLowerCase(), account);
    return account;
  }

  accountByName(name: string): SimulatedAccount | undefined {
    const account = this.#accounts.get(name.toLowerCase());
    return account?.exists ? account : undefined;
  }

  accountById(id: string): SimulatedAccount | undefined {
    const account = this.accountByName(id.slice(id.lastIndexOf("/") + 1));
    return account?.id.toLowerCase() === id.toLowerCase() ? account : undefined;
  }

  /** A page of the accounts of a subscription, or of one of its resource groups. */
  listAccounts(
    scope: { subscriptionId: string; resourceGroupName?: string | undefined },
    position: number,
    pageSize: number,
  ): AccountPage {
    const all = this.#inScope(scope.subscriptionId, scope.resourceGroupName).filter(
      ({ listed }) => listed,
    );
    const end = position + pageSize;
    return {
      accounts: all.slice(position, end),
      next: end < all.length ? end : undefined,
    };
  }

  addVault(scope: VaultScope): SimulatedVault {
    const port = this.#surroundings.vaultPorts.take();
    const vault = new SimulatedVault(scope, { ...this.#surroundings, port });
    this.#vaults.set(scope.name.toLowerCase(), vault);
    return vault;
  }

  vaultByName(name: string): SimulatedVault | undefined {
    return this.#vaults.get(name.toLowerCase());
  }

  /** @param host with its port, as a request names it. */
  vaultByHost(host: string | undefined): SimulatedVault | undefined {
    return [...this.#vaults.values()].find(({ uri }) => new URL(uri).host === host);
  }

  vaults(subscriptionId: string, resourceGroupName: string): SimulatedVault[] {
    const scope = `${subscriptionId}/${resourceGroupName}`.toLowerCase();
    return [...this.#vaults.values()].filter(
      (vault) => `${vault.subscriptionId}/${vault.resourceGroupName}`.toLowerCase() === scope,
    );
  }

  deleteVault({ name, uri }: SimulatedVault): void {
    this.#vaults.delete(name.toLowerCase());
    this.#surroundings.vaultPorts.release(Number(new URL(uri).port));
  }

  #groups(subscriptionId: string): Map<string, ResourceGroup> {
    return (
      this.#subscriptions.get(subscriptionId.toLowerCase()) ?? new Map<string, ResourceGroup>()
    );
  }

  #inScope(subscriptionId: string, resourceGroupName?: string): SimulatedAccount[] {
    const subscription = subscriptionId.toLowerCase();
    const group = resourceGroupName?.toLowerCase();
    return [...this.#accounts.values()].filter(
      (account) =>
        account.exists &&
        account.subscriptionId.toLowerCase() === subscription &&
        (group === undefined || account.resourceGroupName.toLowerCase() === group),
    );
  }
}
