import type { BatchAccount } from "../../index";
import { accountListing } from "../../provider/azure/accountListing";
import { Connections } from "../../provider/azure/connections";
import type { GetBatchAccountsArgs } from "../../provider/program/getBatchAccountsTypes";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator";
import { type DependencyOptions, simulatedDependencies } from "./simulatedWorld";

/** The data source in this process, talking HTTPS to a simulator of its own. */
export interface ListingWorld {
  readonly simulator: Simulator;
  readonly connections: Connections;
  /** What a program gets from the data source. */
  list(args?: GetBatchAccountsArgs): Promise<BatchAccount[]>;
  /** The message with which the data source fails. */
  failure(args?: GetBatchAccountsArgs): Promise<string>;
}

export async function listingWorld(
  options: SimulatorOptions & DependencyOptions = {},
): Promise<ListingWorld> {
  const simulator = await startSimulator(options);
  const connections = new Connections(simulatedDependencies(simulator, options));
  const list = async (args: GetBatchAccountsArgs = {}) => {
    const accounts: BatchAccount[] = [];
    for await (const account of accountListing(connections, args).accounts) accounts.push(account);
    return accounts;
  };
  return {
    simulator,
    connections,
    list,
    failure: (args) =>
      list(args).then(
        () => "no failure",
        (error: unknown) => (error as Error).message,
      ),
  };
}
