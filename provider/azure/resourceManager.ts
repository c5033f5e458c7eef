import type { TokenCredential } from "@azure/core-auth";
import {
  bearerTokenAuthenticationPolicy,
  type HttpMethods,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { formatBatchAccountId, type BatchAccountId } from "./batchAccountId";
import type { Cloud } from "./clouds";
import { AzureError, type ErrorAnswer } from "./errors";
import { createHttp, describeFailure, wasNeverSent, type HttpOptions } from "./http";
import { nextStep } from "./nextStep";
import { redact } from "./redact";

/** One operation of Azure Resource Manager on a Batch account. */
export interface AccountOperation {
  /** What it does, for messages: "could not <intent> Batch account …". */
  readonly intent: string;
  /** The role action it needs, e.g. `Microsoft.Batch/batchAccounts/read`. */
  readonly action: string;
  readonly method: HttpMethods;
  /** What follows the account's id in the path, "" or "/listKeys". */
  readonly path: string;
  readonly apiVersion: string;
  readonly body?: unknown;
  /** Whether it may be executed twice without harm. */
  readonly repeatable: boolean;
}

/** Azure Resource Manager of one cloud, as one signed-in identity sees it. */
export interface ResourceManager {
  /**
   * Executes an operation on an account and reads its answer.
   * @param parse makes the result of the answer's JSON; undefined if the answer is not one.
   * @throws AzureError, whose outcome says whether the operation may have happened.
   */
  call<Result>(
    id: BatchAccountId,
    operation: AccountOperation,
    parse: (body: unknown) => Result | undefined,
  ): Promise<Result>;
}

export function createResourceManager(
  cloud: Cloud,
  credential: TokenCredential,
  options: HttpOptions,
): ResourceManager {
  const endpoint = cloud.resourceManager;
  const scopes = `${cloud.audience}/.default`;
  const http = createHttp(options, bearerTokenAuthenticationPolicy({ credential, scopes }));

  async function send(id: BatchAccountId, operation: AccountOperation): Promise<PipelineResponse> {
    const { method, repeatable, body } = operation;
    try {
      return await http.send({
        method,
        url: `${endpoint}${encodeURI(formatBatchAccountId(id))}${operation.path}?api-version=${operation.apiVersion}`,
        headers: {
          Accept: "application/json",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        repeatable,
      });
    } catch (error) {
      if (error instanceof AzureError) throw error; // the sign-in failed: nothing was sent
      throw new AzureError(
        `${what(id, operation)}: ${describeFailure(error)}. Next: check the connection to ${endpoint}, then run "pulumi up" again`,
        wasNeverSent(error) ? "refused" : "unknown",
      );
    }
  }

  return {
    async call(id, operation, parse) {
      const response = await send(id, operation);
      if (response.status !== 200) {
        const answer = readErrorAnswer(response);
        throw new AzureError(
          `${what(id, operation)}: ${describeAnswer(answer)}. Next: ${nextStep(answer, operation.action)}`,
          // A 408 or a 5xx can come from a gateway that gave up on a request which goes on behind it.
          response.status >= 500 || response.status === 408 ? "unknown" : "refused",
          response.status,
        );
      }
      const result = parse(parseJson(response.bodyAsText));
      if (result === undefined) {
        throw new AzureError(
          `${what(id, operation)}: the answer of ${endpoint} is not what this API version answers (correlation id ${correlationId(response) ?? "unknown"}). Next: check that the endpoint is Azure Resource Manager and that no proxy changes its answers`,
          "unknown",
          response.status,
        );
      }
      return result;
    },
  };
}

function what(id: BatchAccountId, { intent }: AccountOperation): string {
  return `could not ${intent} Batch account "${id.accountName}" (resource group "${id.resourceGroupName}", subscription ${id.subscriptionId})`;
}

function describeAnswer({
  status,
  code,
  message,
  correlationId: correlation,
}: ErrorAnswer): string {
  const said = message === "" ? "" : `: ${message.replace(/\.$/, "")}`;
  return `${String(status)} ${code}${said} (correlation id ${correlation ?? "unknown"})`;
}

/** `{ error: { code, message } }`, of which nothing is taken for granted. */
function readErrorAnswer(response: PipelineResponse): ErrorAnswer {
  const body = parseJson(response.bodyAsText) as { error?: unknown } | null | undefined;
  const error = body?.error as { code?: unknown; message?: unknown } | null | undefined;
  const text = (value: unknown, otherwise: string) =>
    typeof value === "string" ? redact(value.split("\n", 1)[0] ?? "") : otherwise;
  return {
    status: response.status,
    code: text(error?.code, "without an error code"),
    message: text(error?.message, ""),
    correlationId: correlationId(response),
  };
}

function correlationId(response: PipelineResponse): string | undefined {
  const id = response.headers.get("x-ms-correlation-request-id");
  return id === undefined ? undefined : redact(id);
}

function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
