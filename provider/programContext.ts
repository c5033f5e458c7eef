import * as pulumi from "@pulumi/pulumi";
import type { EngineReference } from "./lifecycle/predecessors";

/** Inputs that the class adds to a program's, for check alone, which takes them out. */
export interface ProgramContext {
  /** Whether this run previews: a decision that it makes has no time yet. */
  readonly previewing?: true;
  /** Where check finds out, for a resource that is created, whether state has its account's rotation. */
  readonly engine?: pulumi.Input<EngineReference | undefined>;
}

/** By the engine's client, of which each run of a program has its own. */
const answering = new WeakMap<object, Promise<boolean>>();

/** What check needs to know of the run that a resource belongs to; nothing in tests with mocks. */
export function programContext(urn: pulumi.Output<string>): ProgramContext {
  const monitor = pulumi.runtime.getMonitor() as Monitor | undefined;
  const stack = pulumi.runtime.getStackResource();
  const address = monitor?.getChannel?.().getTarget();
  if (monitor === undefined || stack === undefined || address === undefined) return {};
  const organization = pulumi.getOrganization();
  const name =
    organization === "organization" // of a backend that has none
      ? pulumi.getStack()
      : [organization, pulumi.getProject(), pulumi.getStack()].join("/");
  const isAnswering = answering.get(monitor) ?? answers(stack);
  answering.set(monitor, isAnswering);
  return {
    ...(pulumi.runtime.isDryRun() ? { previewing: true } : {}),
    engine: pulumi
      .all([urn, isAnswering])
      .apply(([known, answers]) =>
        answers ? { monitor: address, stack: name, urn: known } : undefined,
      ),
  };
}

/** The SDK's client, as gRPC makes it; a mock has no channel. */
interface Monitor {
  getChannel?(): { getTarget(): string };
}

/**
 * Lets the engine answer a function of its own once, before any check: the first time it registers a
 * provider for them, which it cannot do while it waits for a check.
 */
async function answers(stack: pulumi.Resource): Promise<boolean> {
  try {
    await pulumi.runtime.invoke("pulumi:pulumi:getResource", { urn: stack.urn });
    return true;
  } catch {
    return false;
  }
}
