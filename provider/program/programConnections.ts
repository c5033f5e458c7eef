import * as pulumi from "@pulumi/pulumi";
import { Connections, connectWith } from "../azure/connections";
import { InFlightCalls } from "../azure/http/inFlight";

const ofRuns = new WeakMap<pulumi.Resource, Connections>();

/**
 * The connections of the user's program: configured as the provider's process is, by the stack that
 * the program runs for. Inline programs of the Automation API share one process; between two of
 * them, what the Azure CLI says can change. So each run of a program, which has a stack of its own,
 * has connections of its own.
 */
export function programConnections(): Connections {
  const run = pulumi.runtime.getStackResource();
  const connections = (run && ofRuns.get(run)) ?? newConnections();
  // Outside of programs, and in unit tests with mocks, there is none, and nothing is kept.
  if (run !== undefined) ofRuns.set(run, connections);
  return connections;
}

/** They keep what is configured now: when a list is gone through, another stack may run. */
function newConnections(): Connections {
  const configured = pulumi.runtime.allConfig();
  return new Connections(
    {
      environment: { ...process.env },
      connect: connectWith({
        calls: new InFlightCalls({ log: (message) => void pulumi.log.info(message) }),
      }),
    },
    (key) => configured[key],
  );
}
