import { version } from "@pulumi/kubernetes/package.json";
import { serveProvider, type StandIn } from "../support/providerService";
import { Cluster } from "./cluster";

/*
 * A stand-in for the plugin of Pulumi's kubernetes provider, and for the cluster behind it: neither can be
 * had where the tests run. It follows the provider's sources in what an example depends on:
 * https://github.com/pulumi/pulumi-kubernetes, provider/pkg/provider and provider/pkg/metadata.
 * Names are made up where none are given, and known in previews; a Secret whose data changes is replaced
 * by another one, which is there before the old one goes.
 *
 * Left out: waiting for pods, validation of inputs, defaults of the API server, get and refresh.
 */

export interface Kubernetes extends StandIn {
  readonly cluster: Cluster;
}

export async function startKubernetes(): Promise<Kubernetes> {
  const cluster = new Cluster();
  return { ...(await serveProvider("kubernetes", version, cluster)), cluster };
}
