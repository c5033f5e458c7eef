import { setTimeout as sleep } from "node:timers/promises";
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { ClientSecretCredential } from "@azure/identity";
import type { Simulator } from "../../simulator/index";
import { type Json, objectIn } from "../support/json";

/** Resource Manager over HTTPS, signed in to with the variables that azure-native reads. */
export class ArmClient {
  readonly subscriptionId: string;
  readonly #url: string;
  readonly #http = createDefaultHttpClient();
  readonly #pipeline;

  constructor(simulator: Simulator) {
    const variable = (name: string) => simulator.environment()[name] ?? "";
    this.subscriptionId = variable("ARM_SUBSCRIPTION_ID");
    this.#url = `https://${variable("ARM_METADATA_HOSTNAME")}`;
    const tlsOptions = { ca: simulator.certificateAuthority };
    const credential = new ClientSecretCredential(
      variable("ARM_TENANT_ID"),
      variable("ARM_CLIENT_ID"),
      variable("ARM_CLIENT_SECRET"),
      { authorityHost: this.#url, disableInstanceDiscovery: true, tlsOptions },
    );
    this.#pipeline = createPipelineFromOptions({ tlsOptions });
    this.#pipeline.addPolicy(
      bearerTokenAuthenticationPolicy({ credential, scopes: `${this.#url}/.default` }),
    );
  }

  /** The resource with this id; undefined if there is none. */
  async get(id: string, apiVersion: string): Promise<Json | undefined> {
    const response = await this.#send("GET", this.#address(id, apiVersion));
    return response.status === 404 ? undefined : parse(succeeded(response));
  }

  /** Runs an action, and tells what it answers. */
  async post(action: string, apiVersion: string): Promise<Json> {
    return parse(succeeded(await this.#send("POST", this.#address(action, apiVersion), {})));
  }

  async put(id: string, body: Json, apiVersion: string): Promise<void> {
    await this.#complete(await this.#send("PUT", this.#address(id, apiVersion), body));
  }

  async delete(id: string, apiVersion: string): Promise<void> {
    const response = await this.#send("DELETE", this.#address(id, apiVersion));
    if (response.status !== 404) await this.#complete(response);
  }

  /** Polls a long-running operation at its Location until it has ended. */
  async #complete(response: PipelineResponse): Promise<void> {
    const location = succeeded(response).headers.get("Location");
    if (response.status !== 202 || location === undefined) return;
    const poll = await this.#send("GET", location);
    if (poll.status === 202) await sleep(Number(poll.headers.get("Retry-After")) * 1000);
    await this.#complete(poll);
  }

  #address(id: string, apiVersion: string): string {
    return `${this.#url}${id}?api-version=${apiVersion}`;
  }

  #send(method: HttpMethods, url: string, body?: Json): Promise<PipelineResponse> {
    const request = createPipelineRequest({
      url,
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    request.headers.set("Content-Type", "application/json");
    return this.#pipeline.sendRequest(this.#http, request);
  }
}

/** Throws what Resource Manager says of a failure, in the form that azure-native prints. */
function succeeded(response: PipelineResponse): PipelineResponse {
  if (response.status < 300) return response;
  const { code, message } = objectIn(parse(response), "error");
  throw new Error(
    `Status=${String(response.status)} Code=${JSON.stringify(code)} ` +
      `Message=${JSON.stringify(message)}`,
  );
}

function parse({ bodyAsText }: PipelineResponse): Json {
  return JSON.parse(bodyAsText ?? "{}") as Json;
}
