import type { Json } from "../support/json";

const placeholder = /\{(\w+)\}/;

/** The inputs that a path is made of; the last one names the resource. */
export function pathInputs(path: string): string[] {
  return path
    .split("/")
    .map((segment) => placeholder.exec(segment)?.[1] ?? "")
    .filter((input) => input !== "" && input !== "subscriptionId");
}

/** The path with values for its placeholders. */
export function fillIn(path: string, values: Json): string {
  return path
    .split("/")
    .map((segment) => {
      const input = placeholder.exec(segment)?.[1];
      return input === undefined ? segment : String(values[input]);
    })
    .join("/");
}

/** The values that an id has for the placeholders of its path, the subscription left out. */
export function parseId(path: string, id: string): Record<string, string> {
  const values = id.split("/");
  return Object.fromEntries(
    path.split("/").flatMap((segment, position) => {
      const input = placeholder.exec(segment)?.[1] ?? "subscriptionId";
      return input === "subscriptionId" ? [] : [[input, values[position] ?? ""] as const];
    }),
  );
}
