import { createHmac, timingSafeEqual } from "node:crypto";
import { type IncomingHttpHeaders } from "node:http";

/*
 * "Authentication via Shared Key" of the Batch service, written from its specification:
 * https://learn.microsoft.com/rest/api/batchservice/authenticate-requests-to-the-azure-batch-service
 */

/** What an `Authorization: SharedKey <account>:<signature>` header says. */
export interface SharedKeyAuthorization {
  readonly accountName: string;
  readonly signature: string;
}

/** The parts of a request that its signature covers. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
}

/** In the order in which the string to sign holds them, before the ocp- headers. */
const signedHeaders = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

export function parseSharedKeyAuthorization(
  header: string | undefined,
): SharedKeyAuthorization | undefined {
  const [, accountName, signature] = /^SharedKey ([^:]+):(.+)$/.exec(header ?? "") ?? [];
  return accountName && signature ? { accountName, signature } : undefined;
}

export function stringToSign(accountName: string, request: SignedRequest): string {
  return [
    request.method,
    ...signedHeaders.map((name) => headerToSign(request.headers, name)),
    ...canonicalizedHeaders(request.headers),
    `/${accountName}${request.url.pathname}`,
    ...canonicalizedQuery(request.url.searchParams),
  ].join("\n");
}

/** @param key base64, as `listKeys` answers it. */
export function sign(key: string, text: string): string {
  return createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");
}

export function signatureMatches(signature: string, key: string, text: string): boolean {
  const given = Buffer.from(signature);
  const computed = Buffer.from(sign(key, text));
  return given.length === computed.length && timingSafeEqual(given, computed);
}

/** A Date header does not count beside an ocp-date. */
function headerToSign(headers: IncomingHttpHeaders, name: string): string {
  const superseded = name === "date" && headers["ocp-date"] !== undefined;
  return superseded ? "" : String(headers[name] ?? "");
}

function canonicalizedHeaders(headers: IncomingHttpHeaders): string[] {
  return Object.keys(headers)
    .filter((name) => name.startsWith("ocp-"))
    .sort()
    .map((name) => `${name}:${String(headers[name]).trim()}`);
}

function canonicalizedQuery(query: URLSearchParams): string[] {
  const values = new Map<string, string[]>();
  for (const [name, value] of query) {
    values.set(name.toLowerCase(), [...(values.get(name.toLowerCase()) ?? []), value]);
  }
  return [...values.keys()]
    .sort()
    .map((name) => `${name}:${(values.get(name) ?? []).sort().join(",")}`);
}
