import { isRestError } from "@azure/core-rest-pipeline";
import { listBatchAccounts } from "../../../provider/azure/arm/batchAccountList";
import { getAccount, listKeys, regenerateKey } from "../../../provider/azure/arm/batchAccounts";
import type { Azure } from "../../../provider/azure/connect";
import { AzureError } from "../../../provider/azure/errors";
import type { Simulator } from "../../../simulator";
import { managementClient } from "../simulatorAndClients";
import { type AccountCall, RESOURCE_GROUP } from "./accounts";
import type { Client, Outcome } from "./scenario";

/** This package's own client. */
export function ourClient(azure: Azure, { subscriptionId }: Simulator): Client<AccountCall> {
  const arm = azure.resourceManager;
  const id = (accountName: string) => ({
    subscriptionId,
    resourceGroupName: RESOURCE_GROUP,
    accountName,
  });
  const make = async (call: AccountCall): Promise<unknown> => {
    switch (call.operation) {
      case "get":
        return getAccount(arm, id(call.accountName));
      case "listKeys":
        return listKeys(arm, id(call.accountName));
      case "regenerateKey":
        return regenerateKey(arm, id(call.accountName), call.keyName);
      case "list":
      case "listByResourceGroup": {
        const resourceGroupName = call.operation === "list" ? undefined : call.resourceGroupName;
        return names(listBatchAccounts(arm, { subscriptionId, resourceGroupName }));
      }
    }
  };
  return (call) =>
    outcomeOf(make(call), (error) => {
      if (!(error instanceof AzureError)) return undefined;
      const [, status = "", code] = /: (\d{3}) (\w+)/.exec(error.message) ?? [];
      return { status: Number(status), code };
    });
}

/** Microsoft's client in JavaScript, its results in the shape of ours. */
export function armBatchClient(simulator: Simulator): Client<AccountCall> {
  const { batchAccountOperations: arm } = managementClient(simulator);
  const make = async (call: AccountCall): Promise<unknown> => {
    switch (call.operation) {
      case "get": {
        const account = await arm.get(RESOURCE_GROUP, call.accountName);
        const { name, accountEndpoint, allowedAuthenticationModes } = account;
        return { accountName: name, accountEndpoint, allowedAuthenticationModes };
      }
      case "listKeys": {
        const { primary, secondary } = await arm.getKeys(RESOURCE_GROUP, call.accountName);
        return { Primary: primary, Secondary: secondary };
      }
      case "regenerateKey": {
        const { accountName, keyName } = call;
        const keys = await arm.regenerateKey(RESOURCE_GROUP, accountName, { keyName });
        return { Primary: keys.primary, Secondary: keys.secondary };
      }
      case "list":
        return names(arm.list());
      case "listByResourceGroup":
        return names(arm.listByResourceGroup(call.resourceGroupName));
    }
  };
  return (call) =>
    outcomeOf(make(call), (error) =>
      isRestError(error) ? { status: error.statusCode ?? 0, code: error.code } : undefined,
    );
}

async function names(
  accounts: AsyncIterable<{ readonly id?: string; readonly tags?: unknown }>,
): Promise<unknown> {
  const found: unknown[] = [];
  for await (const { id, tags } of accounts) found.push({ id, tags });
  return found;
}

/** What a call has come to; an error that `failure` does not know is thrown on. */
export async function outcomeOf(
  call: Promise<unknown>,
  failure: (error: unknown) => Outcome | undefined,
): Promise<Outcome> {
  try {
    return { result: await call };
  } catch (error) {
    const outcome = failure(error);
    if (outcome === undefined) throw error;
    return outcome;
  }
}
