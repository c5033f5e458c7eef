import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../../lifecycle/lifecycle";
import { withSecrets } from "../secretProperties";
import { isSecretValue } from "../secretValues";

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
 * Properties as the engine takes them. The keys are secrets always.
 * @param secrets the names of others that are, because the program's are.
 */
export function sent(properties: object, secrets?: ReadonlySet<string>): Struct {
  const known = Object.entries<unknown>({ ...properties }).filter(
    ([, value]) => value !== undefined,
  );
  return Struct.fromJavaScript(
    withSecrets(Object.fromEntries(known), secrets) as Parameters<typeof Struct.fromJavaScript>[0],
  );
}
