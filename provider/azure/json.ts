import { MalformedAnswer } from "./errors";

/** An object as JSON has it. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The property of a value that may be anything; undefined if it has none. */
export function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as JsonObject)[name] : undefined;
}

/** The text that a value has under a name; "" if it has none there. */
export function text(value: unknown, name: string): string {
  const found = property(value, name);
  return typeof found === "string" ? found : "";
}

/**
 * The same where the text must be there.
 * @throws MalformedAnswer
 */
export function requiredText(value: unknown, name: string): string {
  const found = text(value, name);
  if (found === "") throw new MalformedAnswer(`"${name}" is missing`);
  return found;
}

/**
 * The value of a JSON text. Some of those who write it begin with a byte order mark.
 * @throws MalformedAnswer
 */
export function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text?.replace(/^\uFEFF/, "") ?? "");
  } catch {
    throw new MalformedAnswer("the answer is not JSON");
  }
}

/** A text's JSON; undefined if it is none, such as a gateway's page of HTML. */
export function jsonIfAny(text: string | null | undefined): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
