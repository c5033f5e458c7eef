import { readFileSync } from "node:fs";
import { type IncomingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { BatchManagementClient, type BatchManagementClientOptionalParams } from "@azure/arm-batch";
import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";
import { ClientSecretCredential } from "@azure/identity";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator";

const running: Simulator[] = [];

/** Starts a simulator, which {@link closeSimulators} closes after the test. */
export async function simulate(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  running.push(simulator);
  return simulator;
}

export async function closeSimulators(): Promise<void> {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
}

/** @azure/identity's credential, unmodified, signing in at the simulator. */
export function credential(
  simulator: Simulator,
  {
    tenantId = simulator.tenantId,
    clientId = simulator.clientId,
    clientSecret = simulator.clientSecret,
  }: Partial<Record<"tenantId" | "clientId" | "clientSecret", string>> = {},
): ClientSecretCredential {
  return new ClientSecretCredential(tenantId, clientId, clientSecret, signInOptions(simulator));
}

/** What makes a credential of @azure/identity's sign in at the simulator, without retries. */
export function signInOptions(simulator: Simulator) {
  return {
    authorityHost: simulator.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: simulator.certificateAuthority },
    retryOptions: { maxRetries: 0 },
  };
}

/** @azure/arm-batch's client, unmodified but for its endpoint, without retries. */
export function managementClient(
  simulator: Simulator,
  options: BatchManagementClientOptionalParams = {},
): BatchManagementClient {
  return new BatchManagementClient(credential(simulator), simulator.subscriptionId, {
    endpoint: simulator.url,
    tlsOptions: { ca: simulator.certificateAuthority },
    retryOptions: { maxRetries: 0 },
    ...options,
  });
}

/** @azure/batch's client, signing with a key of the account. */
export function batchClient(simulator: Simulator, accountName: string, key: string) {
  const credentials = new BatchSharedKeyCredentials(accountName, key);
  return new BatchServiceClient(credentials, simulator.url, {
    agentSettings: {
      http: new Agent(),
      https: new Agent({ ca: simulator.certificateAuthority }),
    },
    noRetryPolicy: true,
  });
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text as JSON; undefined if it is something else. */
  readonly body: unknown;
}

export interface PlainRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly agent?: Agent;
}

/** A request without a client library, to see exactly what is answered. */
export async function send(
  simulator: Simulator,
  path: string,
  { method = "GET", headers = {}, body, agent }: PlainRequest = {},
): Promise<PlainResponse> {
  const content = await new Promise<Omit<PlainResponse, "body">>((resolve, reject) => {
    const outgoing = request(
      new URL(path, simulator.url),
      { method, headers, ca: simulator.certificateAuthority, agent: agent ?? false },
      (incoming) => {
        text(incoming).then((received) => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: received,
          });
        }, reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
  return { ...content, body: parse(content.text) };
}

/** A token request, with the form's parameters beside those that every one of them has. */
export function requestToken(
  simulator: Simulator,
  parameters: Record<string, string>,
): Promise<PlainResponse> {
  return send(simulator, `/${simulator.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: simulator.clientId,
      scope: `${simulator.url}/.default`,
      ...parameters,
    }).toString(),
  });
}

/** A list from Resource Manager, for whoever has this access token. */
export function listSubscriptions(simulator: Simulator, token: string): Promise<PlainResponse> {
  return send(simulator, "/subscriptions?api-version=2022-12-01", {
    headers: { Authorization: `Bearer ${token}` },
  });
}

/** A request to Resource Manager with a valid token. */
export async function sendSigned(
  simulator: Simulator,
  path: string,
  options: PlainRequest = {},
): Promise<PlainResponse> {
  const { token } = await credential(simulator).getToken(`${simulator.url}/.default`);
  const headers = { ...options.headers, Authorization: `Bearer ${token}` };
  return send(simulator, path, { ...options, headers });
}

export function fixture(name: string): unknown {
  const file = join(__dirname, "..", "fixtures", `${name}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
