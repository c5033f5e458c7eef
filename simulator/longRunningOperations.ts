import { randomUUID } from "node:crypto";
import { Failure } from "./failure";
import { type Reply, type RoutedRequest } from "./route";

interface LongRunningOperationsOptions {
  readonly url: string;
  readonly durationMs: number;
  readonly retryAfterSeconds: number;
  readonly now: () => number;
}

interface Operation {
  readonly completesAt: number;
  /** The answer to a poll once the operation has completed. */
  readonly result: () => Reply;
}

/** Operations that are accepted with 202 and polled at their Location. */
export class LongRunningOperations {
  readonly #operations = new Map<string, Operation>();
  readonly #options: LongRunningOperationsOptions;

  constructor(options: LongRunningOperationsOptions) {
    this.#options = options;
  }

  /** When an operation that starts now completes, in milliseconds since 1970. */
  get completionTime(): number {
    return this.#options.now() + this.#options.durationMs;
  }

  /**
   * Accepts an operation.
   * @param collection the path under which its result can be polled.
   */
  start(
    collection: string,
    name: string,
    request: RoutedRequest,
    result: Operation["result"],
  ): Reply {
    const operationId = `${name}-${randomUUID()}`;
    this.#operations.set(operationId, { completesAt: this.completionTime, result });
    const apiVersion = request.url.searchParams.get("api-version") ?? "";
    return this.#accepted(
      `${this.#options.url}${collection}/${operationId}?api-version=${apiVersion}`,
    );
  }

  /** Answers a poll. */
  poll(request: RoutedRequest): Reply {
    const operation = this.#operations.get(request.parameters["operationId"] ?? "");
    if (!operation) {
      throw new Failure(404, "OperationNotFound", "The specified operation does not exist.");
    }
    return this.#options.now() < operation.completesAt
      ? this.#accepted(request.url.href)
      : operation.result();
  }

  #accepted(location: string): Reply {
    return {
      status: 202,
      headers: { Location: location, "Retry-After": String(this.#options.retryAfterSeconds) },
    };
  }
}
