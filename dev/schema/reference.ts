export function referenceTables(): Record<string, Record<string, string>> {
  return {};
}
