const { managementClient } = require("./managementClient");
const { readTask } = require("./readTask");

/** The script that one would write without this package: so many accounts at once. */
async function main({ accountIds, atOnce }) {
  const { batchAccountOperations } = managementClient();
  const left = [...accountIds];
  const work = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      const [, , , , resourceGroup, , , , name] = id.split("/");
      await batchAccountOperations.regenerateKey(resourceGroup, name, { keyName: "Secondary" });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(JSON.stringify({ rotated: accountIds.length }));
}

void main(readTask());
