import * as pulumi from "@pulumi/pulumi";
import { Connections, connectWith } from "./azure/connections";
import { CallsUnderWay } from "./azure/http/callsUnderWay";
import { DEFAULT_RETRY } from "./azure/http/retryOptions";

/**
 * The connections of the user's program: configured as the provider's process is, by the stack that
 * the program runs for. Pulumi knows it even where several run in one process.
 */
export const programConnections = new Connections(
  {
    environment: process.env,
    connect: connectWith({
      retry: DEFAULT_RETRY,
      calls: new CallsUnderWay({ tell: (message) => void pulumi.log.info(message) }),
    }),
  },
  (key) => pulumi.runtime.getConfig(key),
);
