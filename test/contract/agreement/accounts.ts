import type { Simulator } from "../../../simulator";
import type { Scenario, Step } from "./scenario";

/** One call that every client of Azure Resource Manager makes. */
export type AccountCall =
  | { readonly operation: "get" | "listKeys"; readonly accountName: string }
  | {
      readonly operation: "regenerateKey";
      readonly accountName: string;
      readonly keyName: "Primary" | "Secondary";
    }
  | { readonly operation: "list" }
  | { readonly operation: "listByResourceGroup"; readonly resourceGroupName: string };

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

const CALLS: readonly AccountCall[] = [
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

/** Keys are told by whether they are the account's at that time. */
function masked(simulator: Simulator, step: Step<AccountCall>): Step<AccountCall> {
  const { call, outcome } = step;
  if (!("accountName" in call) || call.operation === "get" || !("result" in outcome)) return step;
  const id = `/subscriptions/${simulator.subscriptionId}/resourceGroups/${RESOURCE_GROUP}/providers/Microsoft.Batch/batchAccounts/${call.accountName}`;
  const { primary, secondary } = simulator.account(id).keys();
  const text = JSON.stringify(step);
  return JSON.parse(
    text.replace(primary, "its Primary key").replace(secondary, "its Secondary key"),
  ) as Step<AccountCall>;
}

export const ACCOUNTS: Scenario<AccountCall> = {
  calls: CALLS,
  prepare,
  concerns: ({ path }) => path.startsWith("/subscriptions/"),
  masked,
};
