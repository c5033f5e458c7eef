import { MalformedAnswer } from "../errors";
import { redact } from "../redact";

/**
 * The link to a list's next page, if it leads to the service that the list is of: the token of whoever
 * signed in is sent there.
 * @param endpoint the service's origin.
 * @throws MalformedAnswer, for what a page should never say.
 */
export function followable(nextLink: unknown, endpoint: string): URL | undefined {
  // Some services end a list with an empty link in place of none.
  if (nextLink === undefined || nextLink === null || nextLink === "") return undefined;
  if (typeof nextLink !== "string") throw new MalformedAnswer("nextLink is not a string");
  if (!URL.canParse(nextLink)) throw new MalformedAnswer("nextLink is not a whole URL");
  const link = new URL(nextLink);
  const { origin } = new URL(endpoint);
  if (link.origin !== origin) {
    const where = redact(`${link.protocol}//${link.host}`);
    throw new MalformedAnswer(`nextLink leads to ${where}, not to ${origin}, and was not followed`);
  }
  if (link.username !== "" || link.password !== "") {
    throw new MalformedAnswer(
      `nextLink to ${origin} holds a user name or a password, and was not followed`,
    );
  }
  return link;
}
