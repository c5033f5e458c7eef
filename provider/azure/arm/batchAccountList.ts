import type { Azure } from "../connect";
import type { BatchAccount } from "./batchAccount";
import { ACCOUNT_API_VERSION, READ_ACTION } from "./batchAccounts";
import { shapeBatchAccount } from "./batchAccountShape";
import { MalformedAnswer } from "../errors";
import { property, type JsonObject } from "../json";
import { LoopDetector } from "../loopDetector";
import { followable } from "./nextLink";
import { scopeTarget, type AccountScope } from "./target";

/**
 * Lists Batch accounts page by page: a page is asked for when the one before has been used up, and
 * no more than one is held.
 *
 * https://learn.microsoft.com/rest/api/batchmanagement/batch-account/list
 * https://learn.microsoft.com/rest/api/batchmanagement/batch-account/list-by-resource-group
 * @throws AzureError that names the page.
 */
export async function* listBatchAccounts(
  { cloud, resourceManager }: Azure,
  scope: AccountScope,
): AsyncGenerator<BatchAccount, void, undefined> {
  const target = scopeTarget(scope);
  const loop = new LoopDetector();
  let link: URL | undefined;
  let number = 0;
  do {
    number += 1;
    const page = await resourceManager.call(
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
      (body) => parsePage(body, cloud.resourceManager, loop),
    );
    yield* page.accounts;
    link = page.nextLink;
  } while (link !== undefined);
}

interface Page {
  readonly accounts: readonly BatchAccount[];
  readonly nextLink: URL | undefined;
}

function parsePage(body: unknown, endpoint: string, loop: LoopDetector): Page {
  const value = property(body, "value");
  if (!Array.isArray(value)) throw new MalformedAnswer('it has no array "value"');
  const accounts = value.map(parseEntry);
  const nextLink = followable(property(body, "nextLink"), endpoint);
  if (nextLink !== undefined && loop.isBackAt(nextLink.href)) {
    throw new MalformedAnswer("its nextLink leads back to a page that was read before");
  }
  return { accounts, nextLink };
}

function parseEntry(entry: unknown, index: number): BatchAccount {
  for (const name of ["id", "name"]) {
    const found = property(entry, name);
    if (typeof found !== "string" || found === "") {
      throw new MalformedAnswer(`entry ${String(index + 1)} has no "${name}"`);
    }
  }
  return shapeBatchAccount(entry as JsonObject);
}
