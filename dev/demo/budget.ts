import type { OperationName, RecordedRequest } from "../../simulator/index";

/** What Azure Resource Manager lets through at once, per subscription; 10 writes come back a second. */
export const ARM_BUDGET = { reads: 250, writes: 200, writesPerSecond: 10 };

/** Requests that are not Resource Manager's, or that it does not count. */
const UNCOUNTED: readonly OperationName[] = [
  "metadata",
  "openIdConfiguration",
  "token",
  "dataPlane",
];

export interface BudgetUse {
  readonly reads: number;
  readonly writes: number;
}

export function countedRequests(requests: readonly RecordedRequest[]): RecordedRequest[] {
  return requests.filter(({ operation }) => !UNCOUNTED.includes(operation));
}

/** Resource Manager counts by method: listKeys is a POST, and so a write. */
export function budgetUse(requests: readonly RecordedRequest[]): BudgetUse {
  const counted = countedRequests(requests);
  const reads = counted.filter(({ method }) => method === "GET").length;
  return { reads, writes: counted.length - reads };
}
