import type { Simulator } from "../../simulator/index";
import { type Json, objectIn } from "../support/json";

const KEY_VAULT_SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const SECRETS = "Microsoft.KeyVault/vaults/secrets/*";

/**
 * Role assignments, which the simulator's Resource Manager does not know: on vaults with Azure RBAC
 * they decide what the simulator's one identity may do in the vault's own service.
 */
export class RoleAssignments {
  readonly #byId = new Map<string, Json>();
  readonly #simulator: Simulator;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  static has(id: string): boolean {
    return id.includes("/providers/Microsoft.Authorization/roleAssignments/");
  }

  /** To a new vault with RBAC nobody has a role. */
  vaultMade(vaultName: string): void {
    this.#simulator.vault(vaultName).deniedActions.add(SECRETS);
  }

  get(id: string): Promise<Json | undefined> {
    return Promise.resolve(this.#byId.get(id));
  }

  put(id: string, body: Json): Promise<void> {
    const properties = objectIn(body, "properties");
    this.#byId.set(id, { id, name: id.split("/").at(-1), properties });
    if (String(properties["roleDefinitionId"]).endsWith(KEY_VAULT_SECRETS_OFFICER)) {
      this.#simulator.vault(vaultOf(id)).deniedActions.delete(SECRETS);
    }
    return Promise.resolve();
  }

  delete(id: string): Promise<void> {
    this.#byId.delete(id);
    this.#simulator.vault(vaultOf(id)).deniedActions.add(SECRETS);
    return Promise.resolve();
  }
}

function vaultOf(id: string): string {
  return /\/vaults\/([^/]+)\//.exec(id)?.[1] ?? "";
}
