import * as pulumi from "@pulumi/pulumi";
import type { EngineReference, HiddenInputs } from "../rotation/hiddenInputs";
import { currentMonitor } from "./monitor";

/** By the engine's client, of which each run of a program has its own. */
const answering = new WeakMap<object, Promise<unknown>>();

/** What check needs to know of the run that a resource belongs to; nothing in tests with mocks. */
export function programContext(urn: pulumi.Output<string>): pulumi.Inputs {
  const monitor = currentMonitor();
  const address = monitor?.getChannel?.().getTarget();
  if (monitor === undefined || address === undefined) return {};
  const isAnswering = answering.get(monitor) ?? answers();
  answering.set(monitor, isAnswering);
  return {
    ...(pulumi.runtime.isDryRun() ? { previewing: true } : {}),
    engine: isAnswering.then(async (): Promise<EngineReference> => ({
      monitor: address,
      stack: stackName(),
      urn: await withoutDependencies(urn),
    })),
  } satisfies { [Name in keyof HiddenInputs]: pulumi.Input<HiddenInputs[Name]> };
}

/**
 * Lets the engine answer a function of its own once, before any check: the first time it registers a
 * provider for them, which it cannot do while it waits for a check.
 */
function answers(): Promise<unknown> {
  const [stack, project] = [pulumi.getStack(), pulumi.getProject()];
  const urn = `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`;
  // That it does not know the stack yet, whose registration is under way, is as good an answer.
  return pulumi.runtime.invoke("pulumi:pulumi:getResource", { urn }).catch(() => undefined);
}

/** As the engine's function takes it. */
function stackName(): string {
  const organization = pulumi.getOrganization();
  return organization === "organization" // of a backend that has none
    ? pulumi.getStack()
    : [organization, pulumi.getProject(), pulumi.getStack()].join("/");
}

/** A resource that depends on its parent, a component, would wait for itself. */
function withoutDependencies(output: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
