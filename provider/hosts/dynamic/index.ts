import { connectWith } from "../../azure/connections";
import { InFlightCalls } from "../../azure/http/inFlight";
import { createLifecycle } from "../../lifecycle/lifecycle";
import { requireEngine } from "../requireEngine";
import { asDynamicProvider } from "./asDynamicProvider";
import type * as ReadRotations from "./readRotations";
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
  rotationsInState: (engine) => {
    // Few updates create anything.
    const { readRotations } = require("./readRotations") as typeof ReadRotations;
    return readRotations(engine);
  },
  connect: connectWith({
    calls: new InFlightCalls({ log: tell }),
    beforeChange: () => requireEngine(process.argv[2]),
  }),
});

export const {
  configure,
  check,
  diff,
  create,
  read,
  update,
  delete: delete_,
} = asDynamicProvider(lifecycle);
export { delete_ as delete };
export type { Lifecycle, Properties } from "../../lifecycle/lifecycle";
