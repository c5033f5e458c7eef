import { MalformedAnswer } from "../errors";
import { redact } from "../redact";

/**
 * Where a list goes on, if it does so at the Resource Manager in use: whoever is asked gets the
 * identity's token.
 * @param endpoint the origin of the Resource Manager in use.
 * @throws MalformedAnswer, for what a page should never say.
 */
export function followable(nextLink: unknown, endpoint: string): URL | undefined {
  // Some services end a list with an empty link in place of none.
  if (nextLink === undefined || nextLink === null || nextLink === "") return undefined;
  if (typeof nextLink !== "string") throw new MalformedAnswer("its nextLink is not a string");
  if (!URL.canParse(nextLink)) throw new MalformedAnswer("its nextLink is not a whole URL");
  const link = new URL(nextLink);
  const { origin } = new URL(endpoint);
  if (link.origin !== origin) {
    const where = redact(`${link.protocol}//${link.host}`);
    throw new MalformedAnswer(
      `its nextLink leads to ${where}, away from ${origin}, and was not followed`,
    );
  }
  if (link.username !== "" || link.password !== "") {
    throw new MalformedAnswer(
      `its nextLink to ${origin} holds a user name or a password, and was not followed`,
    );
  }
  return link;
}
