import { type RecordedRequest, type Simulator, startSimulator } from "../../../simulator";

/** What a client makes of the answer: what it hands to its caller, or the error it tells. */
export type Outcome =
  { readonly result: unknown } | { readonly status: number; readonly code: string | undefined };

/** A client: it makes a call and says what came of it. */
export type Client<Call> = (call: Call) => Promise<Outcome>;

/** Calls that clients are to agree on. */
export interface Scenario<Call> {
  readonly calls: readonly Call[];
  prepare(simulator: Simulator): void;
  /** A call with what only the simulator knows, filled in just before it is made. */
  addressed?(simulator: Simulator, call: Call): Call;
  /** Whether clients are to agree on this request, too. */
  concerns(request: RecordedRequest): boolean;
  /** A step without what differs from one simulator to the next. */
  masked(simulator: Simulator, step: Step<Call>): Step<Call>;
}

/** A call as the simulator saw it, and what its client made of the answer. */
export interface Step<Call> {
  readonly call: Call;
  /** Method, path, content type and status of each; clients differ in their API versions. */
  readonly requests: readonly string[];
  readonly outcome: Outcome;
}

/** Makes every call with a client, on a simulator of its own; ids and hosts are masked. */
export async function play<Call>(
  scenario: Scenario<Call>,
  connect: (simulator: Simulator) => Client<Call> | Promise<Client<Call>>,
): Promise<Step<Call>[]> {
  const simulator = await startSimulator({ pageSize: 2 });
  try {
    scenario.prepare(simulator);
    const client = await connect(simulator);
    const steps: Step<Call>[] = [];
    for (const call of scenario.calls) steps.push(await step(scenario, simulator, client, call));
    const text = JSON.stringify(steps).replaceAll(simulator.subscriptionId, "{subscription}");
    return JSON.parse(text.replaceAll(new URL(simulator.url).host, "{host}")) as Step<Call>[];
  } finally {
    await simulator.close();
  }
}

async function step<Call>(
  scenario: Scenario<Call>,
  simulator: Simulator,
  client: Client<Call>,
  call: Call,
): Promise<Step<Call>> {
  const before = simulator.requests.length;
  const outcome = await client(scenario.addressed?.(simulator, call) ?? call);
  const requests = simulator.requests
    .slice(before)
    .filter((request) => scenario.concerns(request))
    .map(({ method, path, headers, status }) =>
      [method, path, String(headers["content-type"]).split(";")[0], String(status)].join(" "),
    );
  return scenario.masked(simulator, { call, requests, outcome });
}
