const lifecycle = require("pulumi-azure-batch-key-rotation/lifecycle");

// As Pulumi does first, with a stack that configures nothing: the environment is what counts.
const configured = lifecycle.configure({ config: { get: () => undefined } });

/** What the engine asks of the provider for a new resource; answers what it keeps of it. */
async function createRotation(args) {
  const inputs = await check({}, args);
  await configured;
  const { id, outs } = await lifecycle.create(inputs);
  return { id, inputs, outputs: outs };
}

/** What the engine asks of the provider for a resource whose arguments have changed. */
async function updateRotation({ id, inputs, outputs }, args) {
  const wanted = await check(inputs, args);
  const { changes } = await lifecycle.diff(id, outputs, wanted);
  if (!changes) throw new Error("the new arguments are no change");
  const { outs } = await lifecycle.update(id, outputs, wanted);
  return { id, inputs: wanted, outputs: outs };
}

async function check(old, args) {
  const { inputs, failures = [] } = await lifecycle.check(old, args);
  if (failures.length > 0) throw new Error(`check refused: ${JSON.stringify(failures)}`);
  return inputs;
}

module.exports = { createRotation, updateRotation };
