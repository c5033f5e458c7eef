/*
 * Goes through all Batch accounts with one client, in a program of Pulumi's, and prints what that
 * took. Arguments: the client, and whether the accounts are kept ("collected") or not ("streamed").
 */
require("@pulumi/pulumi");
const [client, mode] = process.argv.slice(2);

async function* listByPackage() {
  const { getBatchAccounts, streamBatchAccounts } = require("pulumi-azure-batch-key-rotation");
  if (mode === "streamed") yield* streamBatchAccounts();
  else yield* (await getBatchAccounts()).accounts;
}

async function* listByArmBatch() {
  const { managementClient } = require("./managementClient");
  yield* managementClient().batchAccountOperations.list();
}

async function main() {
  const accounts = client === "package" ? listByPackage() : listByArmBatch();
  const kept = [];
  let count = 0;
  const kilobytesBefore = process.resourceUsage().maxRSS;
  const startedAt = performance.now();
  for await (const account of accounts) {
    count += 1;
    if (mode === "collected") kept.push(account);
  }
  const milliseconds = performance.now() - startedAt;
  const bytes = (process.resourceUsage().maxRSS - kilobytesBefore) * 1024;
  console.log(JSON.stringify({ count, milliseconds, bytes }));
  // Connections that are kept alive would hold the process up.
  process.exit();
}

void main();
