import * as pulumi from "@pulumi/pulumi";

/** The SDK's client of the engine. As gRPC makes it, it has a channel; Pulumi's mocks have none. */
export interface Monitor {
  getChannel?(): { getTarget(): string };
}

export function currentMonitor(): Monitor | undefined {
  return pulumi.runtime.getMonitor() as Monitor | undefined;
}

/** Whether Pulumi's mocks answer in the engine's place: a unit test runs, and nothing is to be sent. */
export function isMocked(): boolean {
  const monitor = currentMonitor();
  return monitor !== undefined && monitor.getChannel === undefined;
}
