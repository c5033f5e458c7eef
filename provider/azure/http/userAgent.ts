const { name, version } = require("pulumi-azure-batch-key-rotation/package.json") as {
  name: string;
  version: string;
};

/** By what requests name this package to Azure, its sign-in included. */
export const USER_AGENT_PREFIX = `${name}/${version}`;
