import {
  DEFAULT_NAMESPACE,
  type DefaultSubscription,
  namespaceProblem,
  NO_SUBSCRIPTION,
  resourceGroupNameProblem,
  subscriptionIdProblem,
} from "../rotation/validation";
import type { BatchAccount } from "./arm/batchAccount";
import { type AccountScope, listBatchAccounts } from "./arm/batchAccountList";
import type { Azure } from "./connect";
import type { Connections } from "./connections";

/** Which accounts to list, as a program names them. */
export interface AccountQuery {
  readonly subscriptionId?: string | undefined;
  readonly resourceGroupName?: string | undefined;
  readonly configNamespace?: string | undefined;
}

/** A list of accounts that nothing has been asked for yet. */
export interface AccountListing {
  /** The subscription; asked of the Azure CLI where nobody else names it. */
  readonly subscriptionId: () => Promise<string>;
  /** Lists anew each time that it is gone through. */
  readonly accounts: AsyncIterable<BatchAccount>;
}

/**
 * Completes and validates what a program asks for.
 * @throws Error, here and from the list, whose message is whole and safe to print.
 */
export function accountListing(connections: Connections, query: AccountQuery): AccountListing {
  const named = query.configNamespace ?? DEFAULT_NAMESPACE;
  refuse({ configNamespace: namespaceProblem(named) });
  const resourceGroupName = query.resourceGroupName ?? undefined;
  const given = query.subscriptionId ?? undefined;
  const problems = (found: DefaultSubscription) => ({
    subscriptionId: subscriptionIdProblem(found.subscriptionId, found),
    resourceGroupName: problemOfGroup(resourceGroupName),
  });
  const subscriptionId = async () => {
    const found =
      given === undefined
        ? await connections.subscription(named)
        : { subscriptionId: given, namespace: connections.namespace(named) };
    refuse(problems(found));
    return found.subscriptionId;
  };
  return {
    subscriptionId,
    accounts: {
      [Symbol.asyncIterator]: () =>
        listed(
          () => connections.to(named),
          async () => ({
            subscriptionId: await subscriptionId(),
            resourceGroupName,
          }),
        ),
    },
  };
}

/**
 * Validates what a query says itself, where nobody is asked for the rest.
 * @throws Error whose message is whole and safe to print.
 */
export function refuseMistakes(query: AccountQuery): void {
  const subscriptionId = query.subscriptionId ?? undefined;
  refuse({
    configNamespace: namespaceProblem(query.configNamespace ?? DEFAULT_NAMESPACE),
    subscriptionId:
      subscriptionId === undefined
        ? undefined
        : subscriptionIdProblem(subscriptionId, NO_SUBSCRIPTION),
    resourceGroupName: problemOfGroup(query.resourceGroupName ?? undefined),
  });
}

function problemOfGroup(resourceGroupName: string | undefined): string | undefined {
  return resourceGroupName === undefined ? undefined : resourceGroupNameProblem(resourceGroupName);
}

function refuse(problems: Readonly<Record<string, string | undefined>>): void {
  const found = Object.entries(problems).filter(([, problem]) => problem !== undefined);
  if (found.length === 0) return;
  throw new Error(
    `could not list Batch accounts: ${found.map((problem) => problem.join(" ")).join("; ")}`,
  );
}

async function* listed(
  connect: () => Promise<Azure>,
  scope: () => Promise<AccountScope>,
): AsyncGenerator<BatchAccount, void, undefined> {
  const found = await scope();
  yield* listBatchAccounts((await connect()).resourceManager, found);
}
