import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Simulator } from "../../simulator/index";
import { Provider } from "./provider";
import { providerService } from "./providerService";

/*
 * A stand-in for the plugin of Pulumi's azure-native provider.
 *
 * The components make azure-native's resources, and its plugin is a large binary that a test run
 * cannot count on downloading. Pulumi's engine can be told to use a server that is there already
 * in place of a plugin; this is one, in the process of the test. It knows the few types that the
 * components and the examples use, and follows azure-native's sources in what it does with them: names and
 * locations where none are given, unknown outputs in previews, a GET before and after a PUT,
 * replacements, secrets left to the engine. Its requests are real HTTPS to the simulator's Resource
 * Manager, which records them and can make them fail.
 *
 * Left out: validation of inputs, functions but getClientConfig, import, autonaming as Pulumi.yaml configures
 * it, and identities that users assign.
 */

/** A running stand-in. */
export interface AzureNative {
  /** For the commands of a workspace. */
  readonly environment: Readonly<Record<string, string>>;
  /** `create azure-native:batch:BatchAccount account` and the like, in order, without previews. */
  readonly calls: readonly string[];
  /** Closes the server with its connections: a CLI that was killed leaves some open. */
  stop(): void;
}

/** Starts the stand-in on a free port of the loopback interface, signed in to the simulator. */
export async function startAzureNative(simulator: Simulator): Promise<AzureNative> {
  const provider = new Provider(simulator);
  const server = new grpc.Server();
  server.addService(ResourceProviderService, providerService(provider));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    environment: { PULUMI_DEBUG_PROVIDERS: `azure-native:${String(port)}` },
    calls: provider.calls,
    stop: () => {
      server.forceShutdown();
    },
  };
}
