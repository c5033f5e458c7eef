import { connectWith } from "../../azure/connections";
import { InFlightCalls } from "../../azure/http/inFlight";
import { createLifecycle, type Lifecycle, type Properties } from "../../lifecycle/lifecycle";
import { PartialUpdateError } from "../../lifecycle/partialUpdateError";
import { requireEngine } from "../requireEngine";
import { unconfigured } from "./unconfigured";

/*
 * What the shim in users' state files calls, by the name of this module: it must keep its name and
 * its signatures for ever. `read` and `delete` run with the shim of the last finished update, so
 * every state that an earlier version has written comes through here.
 */

/** Pulumi shows what a provider prints in the log of the update. */
function tell(message: string): void {
  console.log(message);
}

const lifecycle = createLifecycle({
  now: () => new Date(),
  sleep: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds, true);
    }),
  environment: process.env,
  unconfigured,
  log: tell,
  rotationsInState: async (engine) => {
    // Few updates create anything.
    const { readRotations } = await import("./readRotations.js");
    return readRotations(engine);
  },
  connect: connectWith({
    calls: new InFlightCalls({ log: tell }),
    beforeChange: () => requireEngine(process.argv[2]),
  }),
});

/**
 * The shim's text, which the SDK keeps among the properties. It puts the text back itself, but not
 * into the properties of an error.
 */
const TEXT = "__provider";

function withoutText(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== TEXT));
}

export const { configure } = lifecycle;

export const check: Lifecycle["check"] = (old, given) =>
  lifecycle.check(withoutText(old), withoutText(given));

export const diff: Lifecycle["diff"] = async (id, outputs, inputs) => {
  const result = await lifecycle.diff(id, withoutText(outputs), withoutText(inputs));
  // State that comes from the provider plugin lacks it, and could not be deleted without.
  return outputs[TEXT] === undefined ? { ...result, changes: true } : result;
};

export const create: Lifecycle["create"] = (inputs) => lifecycle.create(withoutText(inputs));

export const read: Lifecycle["read"] = (id, properties = {}) =>
  lifecycle.read(id, withoutText(properties));

export const update: Lifecycle["update"] = async (id, outputs, inputs) => {
  try {
    return await lifecycle.update(id, withoutText(outputs), withoutText(inputs));
  } catch (error) {
    if (!(error instanceof PartialUpdateError)) throw error;
    const properties = Object.assign(error.properties, { [TEXT]: inputs[TEXT] });
    throw Object.assign(error, { properties });
  }
};

const delete_: Lifecycle["delete"] = (id, outputs) => lifecycle.delete(id, withoutText(outputs));

export { delete_ as delete };
export type { Lifecycle, Properties };
