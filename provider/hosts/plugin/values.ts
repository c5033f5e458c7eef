import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../../lifecycle/lifecycle";
import { isSecretValue, withSecrets } from "../secretValues";

/** Properties as the engine has sent them. What a preview does not know is UNKNOWN among them. */
export interface Received {
  /** Plain: no value says any more that it was a secret. */
  readonly values: Properties;
  /** The names of the properties that are secrets, or have one inside. */
  readonly secrets: ReadonlySet<string>;
}

export function received(struct: Struct | undefined): Received {
  const values: Properties = {};
  const secrets = new Set<string>();
  for (const [name, value] of Object.entries<unknown>(struct?.toJavaScript() ?? {})) {
    values[name] = plain(value, () => secrets.add(name));
  }
  return { values, secrets };
}

/** @param found is called for each secret. */
function plain(value: unknown, found: () => void): unknown {
  if (isSecretValue(value)) {
    found();
    return plain(value.value, found);
  }
  if (Array.isArray(value)) return value.map((each) => plain(each, found));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, plain(each, found)]),
  );
}

/**
 * Properties as the engine takes them.
 * @param secrets the names of those that are secrets beside the keys, because the program's are.
 */
export function sent(properties: object, secrets: ReadonlySet<string> = new Set()): Struct {
  const defined = Object.entries(withSecrets(properties, secrets)).filter(
    ([name]) => (properties as Properties)[name] !== undefined,
  );
  return Struct.fromJavaScript(
    Object.fromEntries(defined) as Parameters<typeof Struct.fromJavaScript>[0],
  );
}
