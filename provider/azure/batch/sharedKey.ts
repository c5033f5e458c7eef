import { createHmac } from "node:crypto";

/** The headers that take part in a signature, in its order; a request to try a key has none. */
const SIGNED_HEADERS = 11;

/**
 * The Authorization header of a GET to the Batch service, signed with an account key.
 * @param date the value of the request's `ocp-date` header, in RFC 1123 form.
 *
 * https://learn.microsoft.com/rest/api/batchservice/authenticate-requests-to-the-azure-batch-service#authentication-via-shared-key
 */
export function signGet(url: URL, date: string, accountName: string, key: string): string {
  const parameters = [...url.searchParams]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `\n${name}:${value}`);
  const stringToSign =
    `GET${"\n".repeat(SIGNED_HEADERS + 1)}ocp-date:${date}\n` +
    `/${accountName}${url.pathname}${parameters.join("")}`;
  const signature = createHmac("sha256", Buffer.from(key, "base64"))
    .update(stringToSign, "utf8")
    .digest("base64");
  return `SharedKey ${accountName}:${signature}`;
}
