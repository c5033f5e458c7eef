const { createRotation, updateRotation } = require("./rotation");
const { readTask } = require("./readTask");
const { fetchRotation, httpsRotation, signIn } = require("./twoRequests");

/*
 * Rotates one account by the lifecycle, by fetch and by node:https, turn by turn. Prints what one
 * rotation took in each turn, in milliseconds.
 */
async function main({ accountId, url, turns, rotationsInTurn }) {
  const token = await signIn(url);
  let version = 1;
  const args = () => ({ accountId, version, verifyKey: "None" });
  let state = await createRotation(args());
  const rotate = async () => {
    version += 1;
    state = await updateRotation(state, args());
  };

  const contenders = {
    lifecycle: rotate,
    fetch: fetchRotation(url + accountId, token),
    https: httpsRotation(url + accountId, token),
  };
  const times = { lifecycle: [], fetch: [], https: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, once] of Object.entries(contenders)) {
      const startedAt = performance.now();
      for (let rotation = 0; rotation < rotationsInTurn; rotation += 1) await once();
      times[name].push((performance.now() - startedAt) / rotationsInTurn);
    }
  }
  console.log(JSON.stringify(times));
  // Connections that are kept alive would hold the process up.
  process.exit();
}

void main(readTask());
