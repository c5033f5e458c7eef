/**
 * For how long an answer asks its caller to stay away, in milliseconds; undefined if it does not, or
 * not in a way that can be read. Some services count in milliseconds, some with decimals.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfter(headers: { get(name: string): string | undefined }): number | undefined {
  return (
    read(headers.get("retry-after-ms"), 1) ??
    read(headers.get("x-ms-retry-after-ms"), 1) ??
    read(headers.get("Retry-After"), 1_000)
  );
}

function read(header: string | undefined, unit: number): number | undefined {
  const value = header?.trim() ?? "";
  if (value === "") return undefined;
  const wanted = /^\d+(\.\d+)?$/.test(value)
    ? Number(value) * unit
    : Date.parse(value) - Date.now();
  return Number.isFinite(wanted) ? Math.max(0, wanted) : undefined;
}
