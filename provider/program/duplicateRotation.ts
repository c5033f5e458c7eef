import * as pulumi from "@pulumi/pulumi";
import { formatBatchAccountId, parseBatchAccountId } from "../rotation/batchAccountId";
import { DEFAULT_NAMESPACE } from "../rotation/validation";
import type { BatchAccountKeyRotationArgs } from "./batchAccountKeyRotationArgs";
import { programConnections } from "./programConnections";
import { programError } from "./programError";

/** One resource of the program: an object of its own, since under another parent names repeat. */
interface Rotation {
  readonly name: string;
}

/** The accounts that a run's program rotates, in lower case, and the resource that does. */
const rotatedBy = new WeakMap<pulumi.Resource, Map<string, Rotation>>();

/**
 * Two rotations of one account in one program would invalidate each other's keys. The second one's
 * inputs fail as soon as its account is known, so that it is never registered. Where only check
 * finds the subscription (in state, or by the Azure CLI), the account is known when the resource is,
 * in a preview at the latest: then it is for {@link claimAccount}.
 */
export function refuseDuplicateRotation(
  rotation: Rotation,
  inputs: BatchAccountKeyRotationArgs,
): BatchAccountKeyRotationArgs {
  const { accountId, resourceGroupName, accountName } = inputs;
  if (accountId !== undefined) {
    return {
      ...inputs,
      accountId: pulumi.output(accountId).apply((id) => claimAccount(rotation, id)),
    };
  }
  // What is missing is for check to report.
  if (resourceGroupName === undefined || accountName === undefined) return inputs;
  const namespace = inputs.configNamespace ?? DEFAULT_NAMESPACE;
  const subscriptionId =
    inputs.subscriptionId ?? programConnections().configuration(namespace).subscriptionId;
  const claimed = pulumi
    .all([subscriptionId, resourceGroupName, accountName])
    .apply(([subscription, group, account]) => {
      const parts = {
        subscriptionId: subscription,
        resourceGroupName: group,
        accountName: account,
      };
      claimAccount(rotation, formatBatchAccountId(parts));
      return account;
    });
  return { ...inputs, accountName: claimed };
}

/**
 * Makes the account the resource's, however often it is asked to.
 * @throws programError when another resource has it.
 */
export function claimAccount(rotation: Rotation, accountId: string): string {
  // An output can hold anything at run time; what is no id is for check to report.
  if (parseBatchAccountId(accountId) === undefined) return accountId;
  // Each run of a program has a stack of its own; unit tests with mocks have none.
  const stack = pulumi.runtime.getStackResource();
  if (stack === undefined) return accountId;
  const rotated = rotatedBy.get(stack) ?? new Map<string, Rotation>();
  rotatedBy.set(stack, rotated);
  const first = rotated.get(accountId.toLowerCase());
  if (first !== undefined && first !== rotation) {
    throw programError(
      `BatchAccountKeyRotation "${rotation.name}" rotates the same account as "${first.name}", ${accountId}: each would invalidate the other's keys. Keep one of them and share its outputs`,
    );
  }
  rotated.set(accountId.toLowerCase(), rotation);
  return accountId;
}
