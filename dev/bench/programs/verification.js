const { createRotation, updateRotation } = require("./rotation");
const { readTask } = require("./readTask");

/*
 * Rotates one account with and without a try of the new key, and sends one plain request, by turns.
 * Prints what each took, in milliseconds.
 */
async function main({ accountId, url, turns }) {
  let version = 1;
  let state = await createRotation({ accountId, version });
  const rotate = (verifyKey) => async () => {
    version += 1;
    state = await updateRotation(state, { accountId, version, verifyKey });
  };
  const contenders = {
    verified: rotate("Required"),
    untried: rotate("None"),
    // Without a key it is refused, which takes no less than an answer.
    roundTrip: async () => {
      await (await fetch(`${url}/pools?api-version=2024-07-01.20.0`)).text();
    },
  };
  await contenders.roundTrip(); // connects
  const times = { verified: [], untried: [], roundTrip: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, once] of Object.entries(contenders)) {
      const startedAt = performance.now();
      await once();
      times[name].push(performance.now() - startedAt);
    }
  }
  console.log(JSON.stringify(times));
  process.exit();
}

void main(readTask());
