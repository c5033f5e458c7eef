import { randomBytes, randomUUID } from "node:crypto";
import { Failure } from "../failure";
import { type Reply, type Route, type RoutedRequest, type Service } from "../route";
import { type FederatedCredential } from "./federatedCredential";

const PATH = "/_apis/idtoken";

const githubService: Service = {
  headers: () => ({ "Content-Type": "application/json; charset=utf-8" }),
  errorBody: ({ message }) => ({ message, activityId: randomUUID() }),
};

/**
 * Where a job of GitHub Actions asks for its ID token, written from GitHub's documentation:
 * https://docs.github.com/actions/reference/security/oidc
 */
export class GitHubActions {
  readonly #url: string;
  readonly #federatedCredential: FederatedCredential;
  readonly #requestToken = randomBytes(32).toString("base64url");

  constructor(url: string, federatedCredential: FederatedCredential) {
    this.#url = url;
    this.#federatedCredential = federatedCredential;
  }

  /** As on GitHub, the URL has a query already: a client appends `&audience=`. */
  environment(): Record<string, string> {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.#url}${PATH}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.#requestToken,
    };
  }

  get route(): Route {
    return {
      operation: "githubIdToken",
      method: "GET",
      path: PATH,
      service: githubService,
      answer: (request) => this.#idToken(request),
    };
  }

  /** Without an audience, GitHub names the owner of the repository. */
  #idToken({ url, headers }: RoutedRequest): Reply {
    const [, requestToken] = /^Bearer (.+)$/i.exec(headers.authorization ?? "") ?? [];
    if (requestToken !== this.#requestToken) {
      throw new Failure(401, "Unauthorized", "The request token is missing or not valid.");
    }
    const audience = url.searchParams.get("audience") ?? "https://github.com/octo-org";
    const value = this.#federatedCredential.issueToken({ audience });
    return { status: 200, body: { count: value.length, value } };
  }
}
