import { AsyncLocalStorage } from "node:async_hooks";
import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";
import { adviceOn, describeFailure, foreignAnswer } from "../http/failures";
import { throughProxy } from "../http/proxy";
import { jsonIfAny } from "../json";
import { NoAnswer, SignInProblem } from "./signInProblem";

/** What came of one attempt to sign in that Microsoft's client does not tell. */
interface Attempt {
  /** Where Microsoft Entra ID signs in. */
  readonly authorityHost: string;
  /** Why there is no OIDC token: the client would pass on the message alone. */
  noToken?: unknown;
  /** The last answer in Microsoft Entra ID's name, why there is none, or not yet. */
  answer?: PipelineResponse | { readonly failure: unknown } | "awaited";
  /** The status of the last answer of what gives this machine's identity its tokens. */
  identityEndpoint?: number;
}

/**
 * Not one for each authority: a process's managed identities all send their requests by the client
 * of the first credential that did.
 */
const attempts = new AsyncLocalStorage<Attempt>();
let underWay = 0;

/**
 * The attempts to sign in at one authority. The client gives one name to whatever keeps it from an
 * answer, network_error or endpoints_resolution_error; so its requests are watched. Attempts that
 * run at the same time do not see each other's.
 */
export class Attempts {
  readonly #authorityHost: string;

  constructor(authorityHost: string) {
    this.#authorityHost = authorityHost;
  }

  /** Runs an attempt; it fails with the reason, so far as that is known better than the client says. */
  run<Result>(signIn: () => Promise<Result>): Promise<Result> {
    const attempt: Attempt = { authorityHost: this.#authorityHost };
    underWay += 1;
    return attempts
      .run(attempt, signIn)
      .catch((error: unknown) => {
        throw attempt.noToken ?? reason(error, attempt);
      })
      .finally(() => {
        underWay -= 1;
        // While it is on, every promise of the process takes longer, the program's own too.
        if (underWay === 0) attempts.disable();
      });
  }

  /** Gets the token of another identity provider within an attempt. */
  async token(get: () => Promise<string>): Promise<string> {
    try {
      return await get();
    } catch (error) {
      const attempt = attempts.getStore();
      if (attempt !== undefined) attempt.noToken = error;
      throw error;
    }
  }
}

/**
 * Sends the client's requests and watches what becomes of them. It stands for the client's own
 * sending: its policies are not those of all of its requests.
 */
export function watched(client: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      const attempt = attempts.getStore();
      if (attempt === undefined) return client.sendRequest(request);
      if (!request.url.startsWith(`${attempt.authorityHost}/`)) {
        const response = await client.sendRequest(request);
        attempt.identityEndpoint = response.status;
        return response;
      }
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

function reason(error: unknown, { authorityHost, answer, identityEndpoint = 0 }: Attempt): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (answer === undefined) {
    return identityEndpoint === 429 || identityEndpoint >= 500
      ? new NoAnswer(
          "the managed identity endpoint",
          String(identityEndpoint),
          'run "pulumi up" again in a few minutes; if it goes on, check that the identity is assigned to this resource',
        )
      : error;
  }
  const noAnswer = (why: string, failure?: unknown) =>
    new NoAnswer(ENTRA, why, `${adviceOn(failure, authorityHost)}, then run "pulumi up" again`);
  if (answer === "awaited") return noAnswer(message);
  if ("failure" in answer) return noAnswer(describeFailure(answer.failure), answer.failure);
  const { status } = answer;
  if (jsonIfAny(answer.bodyAsText) === undefined) {
    const { problem, next } = foreignAnswer(answer, `${ENTRA} (${authorityHost})`);
    return new SignInProblem(problem, next);
  }
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
        `check that ${authorityHost} is ${ENTRA}`,
      );
}

const ENTRA = "Microsoft Entra ID";
/** Entra's own words for being overloaded, and for being asked too often. */
const PASSING = /AADSTS(90033|50196)\b/;
