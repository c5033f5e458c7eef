import { AsyncLocalStorage } from "node:async_hooks";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import { adviceOn, describeFailure } from "../http/failures";
import { NoAnswer, SignInProblem } from "./signInProblem";

/** What came of one attempt to sign in that Microsoft's client does not tell. */
interface Attempt {
  /** Why there is no OIDC token: the client would pass on the message alone. */
  noToken?: unknown;
  /** The last answer of Microsoft Entra ID: its status, why there is none, or not yet. */
  answer?: { readonly status: number } | { readonly failure: unknown } | "awaited";
}

/**
 * The attempts to sign in at one authority. The client gives one name to whatever keeps it from an
 * answer, network_error or endpoints_resolution_error; so its requests are watched. Attempts that
 * run at the same time do not see each other's.
 */
export class Attempts {
  readonly #attempts = new AsyncLocalStorage<Attempt>();
  #underWay = 0;
  readonly #authorityHost: string;

  constructor(authorityHost: string) {
    this.#authorityHost = authorityHost;
  }

  /** Runs an attempt; it fails with the reason, so far as that is known better than the client says. */
  run<Result>(signIn: () => Promise<Result>): Promise<Result> {
    const attempt: Attempt = {};
    this.#underWay += 1;
    return this.#attempts
      .run(attempt, signIn)
      .catch((error: unknown) => {
        throw attempt.noToken ?? this.#reason(error, attempt);
      })
      .finally(() => {
        this.#underWay -= 1;
        // While it is on, every promise of the process takes longer, the program's own too.
        if (this.#underWay === 0) this.#attempts.disable();
      });
  }

  /** Gets the token of another identity provider within an attempt. */
  async token(get: () => Promise<string>): Promise<string> {
    try {
      return await get();
    } catch (error) {
      const attempt = this.#attempts.getStore();
      if (attempt !== undefined) attempt.noToken = error;
      throw error;
    }
  }

  /** Watches the client's requests to the authority. */
  readonly watch: PipelinePolicy = {
    name: "watch",
    sendRequest: async (request, next) => {
      const attempt = this.#attempts.getStore();
      if (attempt === undefined || !request.url.startsWith(`${this.#authorityHost}/`)) {
        return next(request);
      }
      attempt.answer = "awaited";
      try {
        const response = await next(request);
        attempt.answer = { status: response.status };
        return response;
      } catch (failure) {
        attempt.answer = { failure };
        throw failure;
      }
    },
  };

  #reason(error: unknown, { answer }: Attempt): unknown {
    if (answer === undefined) return error;
    const message = error instanceof Error ? error.message : String(error);
    const noAnswer = (reason: string, failure?: unknown) =>
      new NoAnswer(reason, `${adviceOn(failure, this.#authorityHost)}, then run "pulumi up" again`);
    if (answer === "awaited") return noAnswer(message);
    if ("failure" in answer) return noAnswer(describeFailure(answer.failure), answer.failure);
    const { status } = answer;
    if (PASSING.test(message)) return noAnswer(message);
    if (status === 408 || status === 429 || status >= 500) return noAnswer(String(status));
    if (!message.includes("endpoints_resolution_error")) return error;
    // It asks for the tenant's endpoints before it signs in.
    return status === 400 || status === 404
      ? new SignInProblem(
          "the tenant is not known there",
          "check tenantId, and that environment or metadataHost names the tenant's cloud",
        )
      : new SignInProblem(
          `asked for the tenant, it answered ${String(status)}`,
          `check that ${this.#authorityHost} is Microsoft Entra ID`,
        );
  }
}

/** Entra's own words for being overloaded, and for being asked too often. */
const PASSING = /AADSTS(90033|50196)\b/;
