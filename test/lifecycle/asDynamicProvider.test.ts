import { asDynamicProvider } from "../../provider/hosts/dynamic/asDynamicProvider";
import type { Properties } from "../../provider/lifecycle/lifecycle";
import type { PartialUpdateError } from "../../provider/lifecycle/partialUpdateError";
import { worldWithAccount } from "../support/simulatedWorld";

/* test/process has what the engine gets, test/engine what it makes of it. */

test("a script that calls the lifecycle by itself gets its keys plain, and hands them back", async () => {
  const { world, account, accountId } = await worldWithAccount();
  try {
    const lifecycle = asDynamicProvider(world.lifecycle);
    const args = { accountId, verifyKey: "Required" };
    const { inputs } = await lifecycle.check({}, args);
    const { id, outs } = await lifecycle.create(inputs);
    expect(outs).toMatchObject({ currentKey: account.keys().secondary });

    expect(await lifecycle.diff(id, outs as Properties, inputs)).toMatchObject({ changes: false });
    const read = await lifecycle.read(id, outs as Properties);
    expect(read.props).toEqual(outs);

    const bumped = (await lifecycle.check(inputs, { ...args, version: 2 })).inputs;
    account.dataPlane = "Unreachable";
    const error: unknown = await lifecycle
      .update(id, read.props as Properties, bumped)
      .catch((thrown: unknown) => thrown);
    const { properties } = error as PartialUpdateError;
    expect(properties).toMatchObject({ primaryKey: account.keys().primary });

    account.dataPlane = "Available";
    const finished = await lifecycle.update(id, properties as unknown as Properties, bumped);
    expect(finished.outs).toMatchObject({ currentKey: account.keys().primary });
  } finally {
    await world.simulator.close();
  }
});
