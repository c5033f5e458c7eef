import { version } from "@pulumi/azure-native/package.json";
import type { Simulator } from "../../simulator/index";
import { serveProvider, type StandIn } from "../support/providerService";
import type { AppSettings } from "./appSettings";
import { Provider } from "./provider";

/*
 * A stand-in for the plugin of Pulumi's azure-native provider.
 *
 * The components make azure-native's resources, and its plugin is a large binary that a test run
 * cannot count on downloading. It knows the few types that the components and the examples use, and
 * follows azure-native's sources in what it does with them: names and locations where none are given,
 * unknown outputs in previews, a GET before and after a PUT, replacements, secrets left to the engine.
 * Its requests are real HTTPS to the simulator's Resource Manager, which records them and can make
 * them fail.
 *
 * Left out: validation of inputs, functions but getClientConfig and listBatchAccountKeys, import,
 * autonaming as Pulumi.yaml configures it, and identities that users assign.
 */

export interface AzureNative extends StandIn {
  /** For the commands of a workspace. */
  readonly environment: Readonly<Record<string, string>>;
  /** `create azure-native:batch:BatchAccount account` and the like, in order, without previews. */
  readonly calls: readonly string[];
  readonly appSettings: AppSettings;
}

/** Starts the stand-in, signed in to the simulator. */
export async function startAzureNative(simulator: Simulator): Promise<AzureNative> {
  const provider = new Provider(simulator);
  const standIn = await serveProvider("azure-native", version, provider);
  return {
    ...standIn,
    environment: { PULUMI_DEBUG_PROVIDERS: standIn.address },
    calls: provider.calls,
    appSettings: provider.appSettings,
  };
}
