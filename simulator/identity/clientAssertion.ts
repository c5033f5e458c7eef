import { Failure } from "../failure";
import { type JsonWebToken, parseJsonWebToken } from "./jsonWebToken";

/** How far a client's clock may be ahead; MSAL rounds the time up. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** A JSON Web Token with which an application proves who it is, taken apart but not verified. */
export function parseClientAssertion(text: string): JsonWebToken {
  const assertion = parseJsonWebToken(text);
  if (!assertion) {
    throw new Failure(400, "AADSTS50027", "JWT token is invalid or malformed.");
  }
  return assertion;
}

/** @param now in milliseconds since 1970. */
export function checkTimeRange({ payload }: JsonWebToken, now: number): void {
  const { nbf = 0, exp = 0 } = payload;
  const validFrom = Number(nbf) * 1000;
  const expiry = Number(exp) * 1000;
  // What is no time is NaN, and within no range.
  if (!(validFrom - CLOCK_SKEW_MS <= now && now < expiry)) {
    throw new Failure(
      401,
      "AADSTS700024",
      "Client assertion is not within its valid time range. " +
        `Current time: ${time(now)}, assertion valid from ${time(validFrom)}, ` +
        `expiry time of assertion ${time(expiry)}. Review the documentation at ` +
        "https://learn.microsoft.com/entra/identity-platform/certificate-credentials .",
    );
  }
}

/** Which of the algorithms an assertion is signed with; throws for any other. */
export function signingAlgorithm<Algorithm extends string>(
  { header }: JsonWebToken,
  supported: readonly Algorithm[],
): Algorithm {
  const algorithm = supported.find((each) => each === header["alg"]);
  if (algorithm === undefined) {
    throw new Failure(
      400,
      "AADSTS5002738",
      `Invalid JWT token. '${String(header["alg"])}' is not a supported signature algorithm. ` +
        `Supported signing algorithms are: '${supported.join(", ")}'`,
    );
  }
  return algorithm;
}

function time(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "unknown" : date.toISOString();
}
