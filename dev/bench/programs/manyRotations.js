const { createRotation } = require("./rotation");
const { readTask } = require("./readTask");

/** Rotates many accounts by the lifecycle in one process, and prints how long and how many failed. */
async function main({ accountIds, atOnce }) {
  const left = [...accountIds];
  const failures = [];
  const work = async () => {
    for (let accountId = left.pop(); accountId !== undefined; accountId = left.pop()) {
      await createRotation({ accountId }).catch((error) => failures.push(error.message));
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, work));
  const milliseconds = performance.now() - startedAt;
  console.log(JSON.stringify({ milliseconds, failures }));
  process.exit();
}

void main(readTask());
