const pulumi = require("@pulumi/pulumi");
const {
  BatchAccountKeyRotation,
  getBatchAccounts,
  getBatchAccountsOutput,
  streamBatchAccounts,
} = require("pulumi-azure-batch-key-rotation");

const { accountId, ...args } = new pulumi.Config().requireObject("args");

module.exports = async () => {
  const { accounts } = await getBatchAccounts(args);
  const streamed = [];
  for await (const { name } of streamBatchAccounts(args)) streamed.push(name);

  const rotation = new BatchAccountKeyRotation("keys", { accountId });
  // The endpoint is unknown until the rotation has been created.
  const ofRotation = getBatchAccountsOutput({
    resourceGroupName: rotation.accountEndpoint.apply(() => "first"),
  });
  return {
    names: accounts.map(({ name }) => name),
    streamed,
    ofRotation: ofRotation.accounts.apply((found) => found.map(({ name }) => name)),
  };
};
