import type { BatchAccount } from "./batchAccount";
import { isJsonObject, type JsonObject } from "./json";

/**
 * An account of Azure Resource Manager in the shape in which azure-native has it: what is under
 * `properties` is among the resource's own properties, and what is null is left out. The service
 * may say more than this package knows: all of it is kept.
 */
export function shapeBatchAccount(resource: JsonObject): BatchAccount {
  const account = flattened(withoutNulls(resource) as JsonObject);
  const { privateEndpointConnections } = account;
  return {
    ...account,
    ...(Array.isArray(privateEndpointConnections) && {
      privateEndpointConnections: privateEndpointConnections.map((connection) =>
        isJsonObject(connection) ? flattened(connection) : (connection as unknown),
      ),
    }),
  } as unknown as BatchAccount;
}

/** The resource's own id, name and type win over properties of those names. */
function flattened(resource: JsonObject): JsonObject {
  const { properties, ...envelope } = resource;
  return isJsonObject(properties) ? { ...properties, ...envelope } : resource;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => [name, withoutNulls(each)]),
  );
}
