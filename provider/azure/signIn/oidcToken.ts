import { readFile } from "node:fs/promises";
import type { Http } from "../http/client";
import { describeFailure } from "../http/failures";
import { adviceOnProxy } from "../http/proxy";
import { jsonIfAny, property, text } from "../json";
import { SignInProblem } from "./signInFailure";
import type { OidcTokenSource } from "./signInMethod";

/**
 * Gets the token anew at each call: those of files and of requests are good for minutes only.
 * @throws SignInProblem
 */
export async function getOidcToken(source: OidcTokenSource, http: Http): Promise<string> {
  switch (source.kind) {
    case "Token":
      return source.token;
    case "File":
      return readToken(source.path);
    case "Request":
      return requestToken(source, http);
  }
}

async function readToken(path: string): Promise<string> {
  // Without the path: it may be the token itself, put where the path of its file belongs.
  const next = "check oidcTokenFilePath, and that the platform writes that file for this process";
  const token = await readFile(path, "utf8").catch((error: unknown) => {
    const code = String(property(error, "code"));
    throw new SignInProblem(`the file that oidcTokenFilePath names cannot be read (${code})`, next);
  });
  if (token.trim() === "") {
    throw new SignInProblem("the file that oidcTokenFilePath names is empty", next);
  }
  return token.trim();
}

/**
 * Sends the request that GitHub Actions documents.
 * https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
async function requestToken(
  { url, requestToken: token, audience }: OidcTokenSource & { kind: "Request" },
  http: Http,
): Promise<string> {
  const endpoint = URL.canParse(url) ? new URL(url) : undefined;
  if (endpoint?.protocol !== "https:") {
    throw new SignInProblem(
      "oidcRequestUrl is not an https URL",
      "check oidcRequestUrl, or ACTIONS_ID_TOKEN_REQUEST_URL",
    );
  }
  const next =
    "check oidcRequestUrl and oidcRequestToken; in GitHub Actions, give the job the permission id-token: write";
  const fail = (reason: string, advice = next) =>
    new SignInProblem(`could not get an OIDC token from ${endpoint.host}: ${reason}`, advice);
  endpoint.searchParams.set("audience", audience);
  const response = await http
    .send({
      what: `get an OIDC token from ${endpoint.host}`,
      method: "GET",
      url: endpoint.href,
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      repeatable: true,
    })
    .catch((error: unknown) => {
      throw fail(describeFailure(error), adviceOnProxy(error));
    });
  if (response.status !== 200) throw fail(`it answered ${String(response.status)}`);
  const answer = jsonIfAny(response.bodyAsText);
  if (answer === undefined) throw fail("its answer is not JSON");
  const value = text(answer, "value");
  if (value === "") throw fail('its answer has no "value"');
  return value;
}
