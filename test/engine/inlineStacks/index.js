const { execFileSync } = require("node:child_process");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { getBatchAccounts } = require("pulumi-azure-batch-key-rotation");

async function program() {
  const [{ subscriptionId, accounts }] = [await getBatchAccounts(), await getBatchAccounts()];
  return { subscriptionId, names: accounts.map(({ name }) => name) };
}

async function main(subscriptions) {
  const found = [];
  for (const subscription of subscriptions) {
    execFileSync("az", ["account", "set", "--subscription", subscription]);
    const args = { stackName: `stack${found.length}`, projectName: "inline", program };
    const stack = await LocalWorkspace.createOrSelectStack(args);
    const { outputs } = await stack.up();
    found.push({ subscriptionId: outputs.subscriptionId.value, names: outputs.names.value });
  }
  console.log(JSON.stringify(found));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
