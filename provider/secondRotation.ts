import * as pulumi from "@pulumi/pulumi";
import { formatBatchAccountId, parseBatchAccountId } from "./azure/batchAccountId";
import { DEFAULT_NAMESPACE } from "./azure/configuration";
import { programError } from "./programError";
import { programConnections } from "./programConnections";

interface AccountInputs {
  readonly accountId: pulumi.Input<string> | undefined;
  readonly subscriptionId: pulumi.Input<string> | undefined;
  readonly resourceGroupName: pulumi.Input<string> | undefined;
  readonly accountName: pulumi.Input<string> | undefined;
  readonly configNamespace: string | undefined;
}

/** The accounts that a run's program rotates, in lower case, and the resource that does. */
const rotatedBy = new WeakMap<pulumi.Resource, Map<string, string>>();

/**
 * Two rotations of one account in one program would invalidate each other's keys. The second one's
 * inputs fail as soon as its account is known, so that it is never registered.
 */
export function refuseSecondRotation<Inputs extends AccountInputs>(
  name: string,
  inputs: Inputs,
): Inputs {
  const { accountId, resourceGroupName, accountName } = inputs;
  if (accountId !== undefined) {
    return { ...inputs, accountId: pulumi.output(accountId).apply((id) => claim(name, id)) };
  }
  // What is missing is for check to report.
  if (resourceGroupName === undefined || accountName === undefined) return inputs;
  const namespace = inputs.configNamespace ?? DEFAULT_NAMESPACE;
  const subscriptionId = inputs.subscriptionId ?? programConnections.subscriptionId(namespace);
  const claimed = pulumi
    .all([subscriptionId, resourceGroupName, accountName])
    .apply(([subscription, group, account]) => {
      const parts = {
        subscriptionId: subscription,
        resourceGroupName: group,
        accountName: account,
      };
      claim(name, formatBatchAccountId(parts));
      return account;
    });
  return { ...inputs, accountName: claimed };
}

function claim(name: string, accountId: string): string {
  // An output can hold anything at run time; what is no id is for check to report.
  if (parseBatchAccountId(accountId) === undefined) return accountId;
  // Each run of a program has a stack of its own; unit tests with mocks have none.
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined) return accountId;
  const rotated = rotatedBy.get(stack) ?? new Map<string, string>();
  rotatedBy.set(stack, rotated);
  const first = rotated.get(accountId.toLowerCase());
  if (first !== undefined) {
    throw programError(
      `BatchAccountKeyRotation "${name}" rotates the account that "${first}" rotates already, ${accountId}: each would invalidate the other's keys. Keep one of them and share its outputs`,
    );
  }
  rotated.set(accountId.toLowerCase(), name);
  return accountId;
}
