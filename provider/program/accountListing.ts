import type { BatchAccount } from "../azure/arm/batchAccount";
import { type AccountScope, listBatchAccounts } from "../azure/arm/batchAccountList";
import type { Azure } from "../azure/connect";
import type { Connections } from "../azure/connections";
import {
  DEFAULT_NAMESPACE,
  type DefaultSubscription,
  namespaceProblem,
  resourceGroupNameProblem,
  subscriptionIdProblem,
} from "../rotation/validation";
import type { GetBatchAccountsArgs } from "./getBatchAccountsTypes";
import { programError } from "./programError";

/** A list of accounts that nothing has been asked for yet. */
export interface AccountListing {
  /** The subscription; asked of the Azure CLI where nobody else names it. */
  readonly subscriptionId: () => Promise<string>;
  /** Lists anew each time that it is gone through. */
  readonly accounts: AsyncIterable<BatchAccount>;
}

/**
 * Completes and validates a program's arguments.
 * @throws programError, here and from the list: Pulumi prints its message alone.
 */
export function accountListing(
  connections: Connections,
  args: GetBatchAccountsArgs,
): AccountListing {
  const namespace = args.configNamespace ?? DEFAULT_NAMESPACE;
  refuse({ configNamespace: namespaceProblem(namespace) });
  const resourceGroupName = args.resourceGroupName ?? undefined;
  const given = args.subscriptionId ?? undefined;
  const problems = ({ subscriptionId, whyNone }: DefaultSubscription) => ({
    subscriptionId: subscriptionIdProblem(subscriptionId, whyNone),
    resourceGroupName:
      resourceGroupName === undefined ? undefined : resourceGroupNameProblem(resourceGroupName),
  });
  const subscriptionId = async () => {
    const found =
      given === undefined ? await connections.subscription(namespace) : { subscriptionId: given };
    refuse(problems(found));
    return found.subscriptionId;
  };
  return {
    subscriptionId,
    accounts: {
      [Symbol.asyncIterator]: () =>
        listed(
          () => connections.to(namespace),
          async () => ({
            subscriptionId: await subscriptionId(),
            resourceGroupName,
          }),
        ),
    },
  };
}

function refuse(problems: Readonly<Record<string, string | undefined>>): void {
  const found = Object.entries(problems).filter(([, problem]) => problem !== undefined);
  if (found.length === 0) return;
  throw programError(
    `could not list Batch accounts: ${found.map((problem) => problem.join(" ")).join("; ")}`,
  );
}

async function* listed(
  connect: () => Promise<Azure>,
  scope: () => Promise<AccountScope>,
): AsyncGenerator<BatchAccount, void, undefined> {
  const found = await scope();
  try {
    yield* listBatchAccounts((await connect()).resourceManager, found);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw programError(message, error);
  }
}
