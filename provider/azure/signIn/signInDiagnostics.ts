import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";
import AsyncLock from "async-lock";
import { adviceOn, describeFailure, foreignAnswer } from "../http/failures";
import { throughProxy } from "../http/proxy";
import { jsonIfAny } from "../json";
import { SignInProblem } from "./signInFailure";

/** What came of one attempt to sign in that Microsoft's client does not tell. */
interface Attempt {
  /** By `performance.now()`. */
  readonly since: number;
  /** Why there is no OIDC token: the client would pass on the message alone. */
  noToken?: unknown;
  /** The last answer in Microsoft Entra ID's name, why there is none, or not yet. */
  answer?: PipelineResponse | { readonly failure: unknown } | "awaited";
}

/**
 * The last answer of the endpoint that gives tokens to this machine's identities. It is the
 * process's: Microsoft's client sends the requests of all managed identities through the HTTP client
 * of the first credential that sent one.
 */
let identityEndpoint = { status: 0, at: -Infinity };

/**
 * Finds out why a credential of Microsoft's client failed to sign in: it gives one name to whatever
 * keeps it from an answer (network_error, endpoints_resolution_error), so its requests are watched.
 * The credential signs in once at a time, so that what is seen belongs to one attempt.
 */
export class SignInDiagnostics {
  readonly #authorityHost: string;
  readonly #oneAtATime = new AsyncLock({ maxPending: Infinity });
  #attempt: Attempt = { since: 0 };

  /** @param authorityHost where Microsoft Entra ID signs in. */
  constructor(authorityHost: string) {
    this.#authorityHost = authorityHost;
  }

  /** Signs in; fails with the reason, as far as more is known of it than the client says. */
  run<Result>(signIn: () => Promise<Result>): Promise<Result> {
    return this.#oneAtATime.acquire("", async () => {
      const attempt: Attempt = (this.#attempt = { since: performance.now() });
      try {
        return await signIn();
      } catch (error) {
        throw attempt.noToken ?? this.#reason(error, attempt);
      }
    });
  }

  /** Gets the token of another identity provider, which an attempt needs. */
  async token(get: () => Promise<string>): Promise<string> {
    try {
      return await get();
    } catch (error) {
      this.#attempt.noToken = error;
      throw error;
    }
  }

  /**
   * Watches the requests that a client sends. Microsoft's client takes it as its HTTP client: a
   * policy would not see all of its requests.
   */
  watch(client: HttpClient): HttpClient {
    return {
      sendRequest: async (request) => {
        if (!request.url.startsWith(`${this.#authorityHost}/`)) {
          const response = await client.sendRequest(request);
          identityEndpoint = { status: response.status, at: performance.now() };
          return response;
        }
        const attempt = this.#attempt;
        attempt.answer = "awaited";
        try {
          attempt.answer = await throughProxy(request, () => client.sendRequest(request));
          return attempt.answer;
        } catch (failure) {
          attempt.answer = { failure };
          throw failure;
        }
      },
    };
  }

  #reason(error: unknown, { since, answer }: Attempt): unknown {
    const message = error instanceof Error ? error.message : String(error);
    if (answer === undefined) {
      const { status, at } = identityEndpoint;
      return at > since && (status === 429 || status >= 500)
        ? new SignInProblem(
            "the managed identity endpoint did not answer",
            'run "pulumi up" again in a few minutes; if it goes on, check that the identity is assigned to this resource',
            String(status),
          )
        : error;
    }
    const noAnswer = (why: string, failure?: unknown) =>
      new SignInProblem(
        `${ENTRA} did not answer`,
        `${adviceOn(failure, this.#authorityHost)}, then run "pulumi up" again`,
        why,
      );
    if (answer === "awaited") return noAnswer(message);
    if ("failure" in answer) return noAnswer(describeFailure(answer.failure), answer.failure);
    const { status } = answer;
    if (jsonIfAny(answer.bodyAsText) === undefined) {
      const { problem, next } = foreignAnswer(answer, `${ENTRA} (${this.#authorityHost})`);
      return new SignInProblem(problem, next);
    }
    if (PASSING.test(message)) return noAnswer(message);
    if (status === 408 || status === 429 || status >= 500) return noAnswer(String(status));
    if (!message.includes("endpoints_resolution_error")) return error;
    // The client asks for the tenant's endpoints before it signs in.
    return status === 400 || status === 404
      ? new SignInProblem(
          "there is no such tenant",
          "check tenantId, and that environment or metadataHost names the tenant's cloud",
        )
      : new SignInProblem(
          `the request for the tenant's endpoints was answered with ${String(status)}`,
          `check that ${this.#authorityHost} is ${ENTRA}`,
        );
  }
}

const ENTRA = "Microsoft Entra ID";
/** Entra ID's own words for being overloaded, and for being asked too often. */
const PASSING = /AADSTS(90033|50196)\b/;
