import { connectWith } from "../../azure/connections";
import { InFlightCalls } from "../../azure/http/inFlight";
import { createLifecycle } from "../../lifecycle/lifecycle";
import { requireEngine } from "../requireEngine";
import { forEngine } from "./forEngine";
import { unconfigured } from "./unconfigured";

/** Pulumi shows what a provider prints in the log of the update. */
function tell(message: string): void {
  console.log(message);
}

/**
 * What the shim in users' state files calls, by the name of this module: it must keep its name and
 * its signatures for ever. `read` and `delete` run with the shim of the last finished update, so
 * every state that an earlier version has written comes through here.
 */
export const {
  configure,
  check,
  diff,
  create,
  read,
  update,
  delete: delete_,
} = forEngine(
  createLifecycle({
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
  }),
);
export { delete_ as delete };
export type { Lifecycle, Properties } from "../../lifecycle/lifecycle";
