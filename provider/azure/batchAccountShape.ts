import type { BatchAccount } from "./batchAccount";
import { MalformedAnswer } from "./errors";
import { isJsonObject, type JsonObject } from "./json";

/** Levels of objects and arrays; accounts have about six. */
const DEEPEST = 64;

/**
 * An account of Azure Resource Manager in the shape in which azure-native has it: what is under
 * `properties` is among the resource's own properties, and what is null is left out. The service
 * may say more than this package knows: all of it is kept.
 * @throws MalformedAnswer for one that nests too deep.
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

/** @throws MalformedAnswer, before Pulumi's serializer runs out of stack. */
function withoutNulls(value: unknown, depth = 1): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) {
    throw new MalformedAnswer(`an account nests deeper than ${String(DEEPEST)} levels`);
  }
  if (Array.isArray(value)) return value.map((each) => withoutNulls(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => [name, withoutNulls(each, depth + 1)]),
  );
}
