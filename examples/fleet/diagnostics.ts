/** The warnings and errors of an update by the resource that they are about, as Pulumi prints them. */
export function diagnosticsOf(printed: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, resource = "", lines = ""] of printed.matchAll(BLOCK)) {
    const messages = lines.split("\n").map((line) => line.trim());
    found.set(resource, messages.filter((line) => line !== "").join(" "));
  }
  return found;
}

/** `  type (name):`, and lines that are indented further. */
const BLOCK = /^ {2}\S+ \((\S+)\):\n((?: {4}.*(?:\n|$)|\n)+)/gm;
