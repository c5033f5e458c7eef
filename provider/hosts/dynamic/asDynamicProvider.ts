import type { Lifecycle, Properties } from "../../lifecycle/lifecycle";
import { PartialUpdateError } from "../../lifecycle/partialUpdateError";
import { withSecrets } from "../secretProperties";

/** The shim's text, which the SDK keeps among the properties. */
const TEXT = "__provider";

/** A lifecycle as the SDK's process for dynamic providers, and a script of a user's own, can call it. */
export function asDynamicProvider(lifecycle: Lifecycle): Omit<Lifecycle, "import"> {
  return {
    configure: lifecycle.configure,
    check: (old, given) => lifecycle.check(withoutText(old), withoutText(given)),
    async diff(id, outputs, inputs) {
      const result = await lifecycle.diff(id, withoutText(outputs), withoutText(inputs));
      // State that comes from the provider plugin lacks it, and could not be deleted without.
      const lacksText = TEXT in inputs && !(TEXT in outputs);
      return lacksText ? { ...result, changes: true } : result;
    },
    async create(inputs) {
      const { id, outs } = await lifecycle.create(withoutText(inputs));
      return { id, outs: answer(inputs, outs) };
    },
    async read(id, properties = {}) {
      const found = await lifecycle.read(id, withoutText(properties));
      return { ...found, props: answer(properties, found.props) };
    },
    async update(id, outputs, inputs) {
      try {
        const { outs } = await lifecycle.update(id, withoutText(outputs), withoutText(inputs));
        return { outs: answer(inputs, outs) };
      } catch (error) {
        if (!(error instanceof PartialUpdateError)) throw error;
        throw Object.assign(error, { properties: answer(inputs, error.properties) });
      }
    },
    delete: (id, outputs) => lifecycle.delete(id, withoutText(outputs)),
  };
}

function withoutText(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== TEXT));
}

/**
 * What the engine is answered: the keys are secrets, and the text is there, which the SDK does not put
 * into the properties of an error. A script gives no text, and is answered with plain keys: it hands them
 * back as they are, where the engine would send them plain.
 */
function answer(given: Properties, outputs: object): object {
  return TEXT in given ? { ...withSecrets(outputs), [TEXT]: given[TEXT] } : outputs;
}
