import { startSimulator, type Simulator } from "../../../simulator";

/** One call that every client of Azure Resource Manager makes. */
export type Call =
  | { readonly operation: "get" | "listKeys"; readonly accountName: string }
  | {
      readonly operation: "regenerateKey";
      readonly accountName: string;
      readonly keyName: "Primary" | "Secondary";
    }
  | { readonly operation: "list" }
  | { readonly operation: "listByResourceGroup"; readonly resourceGroupName: string };

/** What a client makes of the answer: what it hands to its caller, or the error it tells. */
export type Outcome =
  { readonly result: unknown } | { readonly status: number; readonly code: string | undefined };

/** A client: it makes a call and says what came of it. */
export type Client = (call: Call) => Promise<Outcome>;

export const RESOURCE_GROUP = "agreement";

/** Accounts in all the states that the calls below are to meet; lists have more than one page. */
function prepare(simulator: Simulator): void {
  const create = (name: string, resourceGroupName = RESOURCE_GROUP) =>
    simulator.account(simulator.createAccount({ name, resourceGroupName, tags: { of: name } }));
  create("ordinary");
  create("locked").locked = true;
  create("denied").deniedActions.add("Microsoft.Batch/batchAccounts/regenerateKeys/action");
  create("hidden").deniedActions.add("Microsoft.Batch/batchAccounts/read");
  create("elsewhere", "another");
}

export const CALLS: readonly Call[] = [
  { operation: "get", accountName: "ordinary" },
  { operation: "get", accountName: "missing" },
  { operation: "get", accountName: "hidden" },
  { operation: "listKeys", accountName: "ordinary" },
  { operation: "listKeys", accountName: "missing" },
  { operation: "listKeys", accountName: "locked" },
  { operation: "regenerateKey", accountName: "ordinary", keyName: "Secondary" },
  { operation: "regenerateKey", accountName: "ordinary", keyName: "Primary" },
  { operation: "listKeys", accountName: "ordinary" },
  { operation: "regenerateKey", accountName: "missing", keyName: "Primary" },
  { operation: "regenerateKey", accountName: "locked", keyName: "Primary" },
  { operation: "regenerateKey", accountName: "denied", keyName: "Primary" },
  { operation: "list" },
  { operation: "listByResourceGroup", resourceGroupName: RESOURCE_GROUP },
  { operation: "listByResourceGroup", resourceGroupName: "missing" },
];

/** A call as the simulator saw it, and what its client made of the answer. */
export interface Step {
  readonly call: Call;
  /** Method, path, content type and status of each; clients differ in their API versions. */
  readonly requests: readonly string[];
  readonly outcome: Outcome;
}

/** Makes every call with a client, on a simulator of its own; ids and hosts are masked. */
export async function play(
  connect: (simulator: Simulator) => Client | Promise<Client>,
): Promise<Step[]> {
  const simulator = await startSimulator({ pageSize: 2 });
  try {
    prepare(simulator);
    const client = await connect(simulator);
    const steps: Step[] = [];
    for (const call of CALLS) steps.push(await step(simulator, client, call));
    const text = JSON.stringify(steps).replaceAll(simulator.subscriptionId, "{subscription}");
    return JSON.parse(text.replaceAll(new URL(simulator.url).host, "{host}")) as Step[];
  } finally {
    await simulator.close();
  }
}

async function step(simulator: Simulator, client: Client, call: Call): Promise<Step> {
  const before = simulator.requests.length;
  const outcome = await client(call);
  const requests = simulator.requests
    .slice(before)
    .filter(({ path }) => path.startsWith("/subscriptions/"))
    .map(({ method, path, headers, status }) =>
      [method, path, String(headers["content-type"]).split(";")[0], String(status)].join(" "),
    );
  return { call, requests, outcome: masked(simulator, call, outcome) };
}

/** Keys are told by whether they are the account's at that time. */
function masked(simulator: Simulator, call: Call, outcome: Outcome): Outcome {
  if (!("accountName" in call) || call.operation === "get" || !("result" in outcome)) {
    return outcome;
  }
  const id = `/subscriptions/${simulator.subscriptionId}/resourceGroups/${RESOURCE_GROUP}/providers/Microsoft.Batch/batchAccounts/${call.accountName}`;
  const { primary, secondary } = simulator.account(id).keys();
  const text = JSON.stringify(outcome);
  return JSON.parse(
    text.replace(primary, "its Primary key").replace(secondary, "its Secondary key"),
  ) as Outcome;
}
