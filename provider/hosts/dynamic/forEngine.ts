import type { Lifecycle, Properties } from "../../lifecycle/lifecycle";
import { PartialUpdateError } from "../../lifecycle/partialUpdateError";
import { withSecretKeys } from "../secretKeys";

/**
 * A lifecycle that tells the engine which of the outputs are secret. The engine sends them back plain.
 *
 * Properties are the engine's if they have `__provider`, without which its process would not find this
 * package. A script that calls the lifecycle by itself gets plain keys, as it always has.
 */
export function forEngine(lifecycle: Lifecycle): Lifecycle {
  return {
    ...lifecycle,
    async create(inputs) {
      const { id, outs } = await lifecycle.create(inputs);
      return { id, outs: marked(inputs, outs) };
    },
    async read(id, properties = {}) {
      const answer = await lifecycle.read(id, properties);
      return { ...answer, props: marked(properties, answer.props) };
    },
    async update(id, outputs, inputs) {
      try {
        const { outs } = await lifecycle.update(id, outputs, inputs);
        return { outs: marked(inputs, outs) };
      } catch (error) {
        if (!(error instanceof PartialUpdateError)) throw error;
        throw Object.assign(error, { properties: marked(inputs, error.properties) });
      }
    },
  };
}

function marked(given: Properties, outputs: object): object {
  return "__provider" in given ? withSecretKeys(outputs) : outputs;
}
