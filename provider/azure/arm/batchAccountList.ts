import { MalformedAnswer } from "../errors";
import { followable } from "../http/followable";
import { type JsonObject, property, text } from "../json";
import type { BatchAccount } from "./batchAccount";
import { ACCOUNT_API_VERSION, READ_ACTION } from "./batchAccounts";
import { shapeBatchAccount } from "./batchAccountShape";
import type { ResourceManager, Target } from "./resourceManager";

/** A subscription's accounts, or only those of one of its resource groups. */
export interface AccountScope {
  readonly subscriptionId: string;
  readonly resourceGroupName: string | undefined;
}

/**
 * Lists Batch accounts page by page: a page is asked for when the one before has been used up, and
 * no more than one is held.
 *
 * https://learn.microsoft.com/rest/api/batchmanagement/batch-account/list
 * https://learn.microsoft.com/rest/api/batchmanagement/batch-account/list-by-resource-group
 * @throws AzureError that names the page.
 */
export async function* listBatchAccounts(
  arm: ResourceManager,
  scope: AccountScope,
): AsyncGenerator<BatchAccount, void, undefined> {
  const target = scopeTarget(scope);
  const links = new Set<string>();
  let link: URL | undefined;
  let number = 0;
  do {
    number += 1;
    const page = await arm.call(
      target,
      {
        intent: `list the Batch accounts (page ${String(number)}) of`,
        action: READ_ACTION,
        method: "GET",
        path: "/providers/Microsoft.Batch/batchAccounts",
        apiVersion: ACCOUNT_API_VERSION,
        link,
        repeatable: true,
      },
      (body) => parsePage(body, arm.endpoint, links),
    );
    yield* page.accounts;
    link = page.nextLink;
  } while (link !== undefined);
}

interface Page {
  readonly accounts: readonly BatchAccount[];
  readonly nextLink: URL | undefined;
}

/** @param links to the pages before this one. */
function parsePage(body: unknown, endpoint: string, links: Set<string>): Page {
  const value = property(body, "value");
  if (!Array.isArray(value)) throw new MalformedAnswer('"value" is not an array');
  const accounts = value.map(parseEntry);
  const nextLink = followable(property(body, "nextLink"), endpoint);
  if (nextLink !== undefined) {
    if (links.has(nextLink.href)) {
      throw new MalformedAnswer("nextLink leads back to a page that was read before");
    }
    links.add(nextLink.href);
  }
  return { accounts, nextLink };
}

function parseEntry(entry: unknown, index: number): BatchAccount {
  for (const name of ["id", "name"]) {
    if (text(entry, name) === "") {
      throw new MalformedAnswer(`entry ${String(index + 1)} has no "${name}"`);
    }
  }
  return shapeBatchAccount(entry as JsonObject);
}

function scopeTarget({ subscriptionId, resourceGroupName }: AccountScope): Target {
  const subscription = `/subscriptions/${subscriptionId}`;
  return resourceGroupName === undefined
    ? { id: subscription, scope: "subscription", description: `subscription ${subscriptionId}` }
    : {
        id: `${subscription}/resourceGroups/${resourceGroupName}`,
        scope: "resource group",
        description: `resource group "${resourceGroupName}" (subscription ${subscriptionId})`,
      };
}
