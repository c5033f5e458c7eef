import type { AccountStore } from "../accountStore";
import { Failure, resourceNotFound } from "../failure";
import { jsonBody, parameter, requireLocation } from "../request";
import type { ResourceManagerRoute } from "../resourceManager";
import type { Reply, RoutedRequest } from "../route";
import { existingGroup } from "../subscriptions";
import { checkSecretName, secretNotFound } from "./secrets";
import {
  type SecretRequestBody,
  type SimulatedVault,
  vaultId,
  type VaultRequestBody,
} from "./vault";

const RESOURCE_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const VAULTS = `${RESOURCE_GROUP}/providers/Microsoft.KeyVault/vaults`;
const VAULT = `${VAULTS}/{vaultName}`;
const SECRET = `${VAULT}/secrets/{secretName}`;

/** The operations of Resource Manager on key vaults and on their secrets. */
export function keyVaultRoutes(store: AccountStore): ResourceManagerRoute[] {
  const keyVaults = new KeyVaults(store);
  return [
    { operation: "listVaults", method: "GET", path: VAULTS, answer: (r) => keyVaults.list(r) },
    { operation: "getVault", method: "GET", path: VAULT, answer: (r) => keyVaults.get(r) },
    { operation: "putVault", method: "PUT", path: VAULT, answer: (r) => keyVaults.put(r) },
    { operation: "deleteVault", method: "DELETE", path: VAULT, answer: (r) => keyVaults.delete(r) },
    {
      operation: "listSecrets",
      method: "GET",
      path: `${VAULT}/secrets`,
      answer: (r) => keyVaults.listSecrets(r),
    },
    { operation: "getSecret", method: "GET", path: SECRET, answer: (r) => keyVaults.getSecret(r) },
    { operation: "putSecret", method: "PUT", path: SECRET, answer: (r) => keyVaults.putSecret(r) },
    { operation: "deleteSecret", method: "DELETE", path: SECRET, answer: refuseDeletionOfSecret },
  ];
}

class KeyVaults {
  readonly #store: AccountStore;

  constructor(store: AccountStore) {
    this.#store = store;
  }

  list(request: RoutedRequest): Reply {
    const { name } = existingGroup(this.#store, request);
    const found = this.#store.vaults(parameter(request, "subscriptionId"), name);
    return { status: 200, body: { value: found.map((each) => each.resource()) } };
  }

  get(request: RoutedRequest): Reply {
    return { status: 200, body: this.#existing(request).resource() };
  }

  put(request: RoutedRequest): Reply {
    const body = jsonBody<VaultRequestBody>(request);
    const existing = this.#find(request);
    const target = existing ?? this.#add(request, body);
    target.update(body);
    return { status: existing ? 200 : 201, body: target.resource() };
  }

  delete(request: RoutedRequest): Reply {
    const existing = this.#find(request);
    if (!existing) {
      return { status: 204 };
    }
    this.#store.deleteVault(existing);
    return { status: 200 };
  }

  listSecrets(request: RoutedRequest): Reply {
    const existing = this.#existing(request);
    const value = existing.secrets.active.map((secret) => existing.secretResource(secret));
    return { status: 200, body: { value } };
  }

  getSecret(request: RoutedRequest): Reply {
    const existing = this.#existing(request);
    const name = parameter(request, "secretName");
    const secret = existing.secrets.findActive(name);
    if (!secret) throw secretNotFound(name);
    return { status: 200, body: existing.secretResource(secret) };
  }

  putSecret(request: RoutedRequest): Reply {
    const existing = this.#existing(request);
    const name = parameter(request, "secretName");
    checkSecretName(name);
    const { tags, properties = {} } = jsonBody<SecretRequestBody>(request);
    const { value, ...rest } = properties;
    if (value === undefined) {
      // Azure's own words are not documented.
      throw new Failure(400, "BadParameter", "The property 'value' is required.");
    }
    const isNew = existing.secrets.find(name) === undefined;
    const secret = existing.secrets.set(name, value, { ...rest, ...(tags && { tags }) });
    return { status: isNew ? 201 : 200, body: existing.secretResource(secret) };
  }

  #add(request: RoutedRequest, body: VaultRequestBody): SimulatedVault {
    const name = parameter(request, "vaultName");
    checkVaultName(name);
    const scope = {
      subscriptionId: parameter(request, "subscriptionId"),
      resourceGroupName: existingGroup(this.#store, request).name,
      name,
      location: requireLocation(body.location),
    };
    if (this.#store.vaultByName(name)) {
      const message =
        `The vault name '${name}' is already in use. ` +
        "Vault names are globally unique so it is possible that the name is already taken.";
      throw new Failure(409, "VaultAlreadyExists", message);
    }
    return this.#store.addVault(scope);
  }

  #find(request: RoutedRequest): SimulatedVault | undefined {
    const name = parameter(request, "vaultName");
    const id = vaultId({
      subscriptionId: parameter(request, "subscriptionId"),
      resourceGroupName: parameter(request, "resourceGroupName"),
      name,
    });
    const found = this.#store.vaultByName(name);
    return found?.id.toLowerCase() === id.toLowerCase() ? found : undefined;
  }

  #existing(request: RoutedRequest): SimulatedVault {
    const group = existingGroup(this.#store, request);
    const existing = this.#find(request);
    if (!existing) {
      const name = parameter(request, "vaultName");
      throw resourceNotFound("Microsoft.KeyVault/vaults", name, group.name);
    }
    return existing;
  }
}

function checkVaultName(name: string): void {
  const valid = /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/.test(name);
  if (!valid) {
    throw new Failure(
      400,
      "VaultNameNotValid",
      `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric ` +
        "characters. The name must begin with a letter, end with a letter or digit, and not " +
        "contain consecutive hyphens.",
    );
  }
}

/** Azure deletes secrets only in the vault's own service. */
function refuseDeletionOfSecret(): Reply {
  const message = "The operation 'delete' on resource type 'vaults/secrets' is disallowed.";
  throw new Failure(400, "DisallowedResourceOperation", message);
}
