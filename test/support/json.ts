/** A JSON object: a resource's inputs or outputs, or a body of Resource Manager. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A property that is an object; empty if it is something else or not there. */
export function objectIn(json: Json, name: string): Json {
  const value = json[name];
  return isObject(value) ? value : {};
}

/** Without the properties that are undefined, which neither JSON nor gRPC can carry. */
export function defined(json: Json): Json {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined));
}

/** The named properties, as far as they are there. */
export function pick(json: Json, names: readonly string[]): Json {
  return defined(Object.fromEntries(names.map((name) => [name, json[name]])));
}
