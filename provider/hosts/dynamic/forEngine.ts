import type { Lifecycle, Properties } from "../../lifecycle/lifecycle";
import { PartialUpdateError } from "../../lifecycle/partialUpdateError";
import { withSecrets } from "../secretValues";

/**
 * The shim's text, which the SDK keeps among the properties: without it, its process would not find this
 * package. It puts the text back itself, but not into the properties of an error.
 */
const TEXT = "__provider";

/**
 * A lifecycle for the engine, which has the shim's text among the properties and takes the keys as
 * secrets; it sends them back plain. A script that calls the lifecycle by itself has no such text, and
 * gets plain keys, as it always has.
 */
export function forEngine(lifecycle: Lifecycle): Lifecycle {
  return {
    ...lifecycle,
    check: (old, given) => lifecycle.check(withoutText(old), withoutText(given)),
    async diff(id, outputs, inputs) {
      const difference = await lifecycle.diff(id, withoutText(outputs), withoutText(inputs));
      // State that comes from the provider plugin lacks the text, and could not be deleted without.
      const lacksText = TEXT in inputs && !(TEXT in outputs);
      return lacksText ? { ...difference, changes: true } : difference;
    },
    async create(inputs) {
      const { id, outs } = await lifecycle.create(withoutText(inputs));
      return { id, outs: marked(inputs, outs) };
    },
    async read(id, properties = {}) {
      const answer = await lifecycle.read(id, withoutText(properties));
      return { ...answer, props: marked(properties, answer.props) };
    },
    async update(id, outputs, inputs) {
      try {
        const { outs } = await lifecycle.update(id, withoutText(outputs), withoutText(inputs));
        return { outs: marked(inputs, outs) };
      } catch (error) {
        if (!(error instanceof PartialUpdateError)) throw error;
        const text = TEXT in inputs ? { [TEXT]: inputs[TEXT] } : {};
        const properties = { ...marked(inputs, error.properties), ...text };
        throw Object.assign(error, { properties });
      }
    },
    delete: (id, outputs) => lifecycle.delete(id, withoutText(outputs)),
  };
}

function withoutText(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== TEXT));
}

function marked(given: Properties, outputs: object): object {
  return TEXT in given ? withSecrets(outputs) : outputs;
}
