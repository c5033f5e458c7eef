import { MalformedAnswer } from "../errors";
import { isJsonObject, type JsonObject } from "../json";
import type { BatchAccount } from "./batchAccount";

/** Levels of objects and arrays; accounts have about six. */
const DEEPEST = 64;

/**
 * An account of Azure Resource Manager in the shape in which azure-native has it: what is under
 * `properties` is among the resource's own properties, and what is null is left out. The service
 * may say more than this package knows: all of it is kept.
 * @param resource is used up: of ten thousand accounts, a copy would take as long as all the rest.
 * @throws MalformedAnswer for one that nests too deep.
 */
export function shapeBatchAccount(resource: JsonObject): BatchAccount {
  removeNulls(resource);
  const account = flattened(resource);
  const { privateEndpointConnections } = account;
  if (Array.isArray(privateEndpointConnections)) {
    account["privateEndpointConnections"] = privateEndpointConnections.map((connection) =>
      isJsonObject(connection) ? flattened(connection) : (connection as unknown),
    );
  }
  return account as unknown as BatchAccount;
}

/** The resource's own id, name and type win over properties of those names. */
function flattened(resource: JsonObject): Record<string, unknown> {
  const { properties, ...envelope } = resource;
  if (!isJsonObject(properties)) return resource;
  // Assigned, a property of this name would be the prototype.
  return Object.hasOwn(envelope, "__proto__")
    ? { ...properties, ...envelope }
    : Object.assign(properties, envelope);
}

/** @throws MalformedAnswer, before Pulumi's serializer runs out of stack. */
function removeNulls(value: object, depth = 1): void {
  if (depth > DEEPEST) {
    throw new MalformedAnswer(`an account nests deeper than ${String(DEEPEST)} levels`);
  }
  if (Array.isArray(value)) {
    // It keeps its nulls: without them, what follows would move up.
    for (const each of value as unknown[]) {
      if (typeof each === "object" && each !== null) removeNulls(each, depth + 1);
    }
    return;
  }
  for (const name of Object.keys(value)) {
    const each = (value as Record<string, unknown>)[name];
    if (typeof each !== "object") continue;
    if (each !== null) removeNulls(each, depth + 1);
    else Reflect.deleteProperty(value, name);
  }
}
