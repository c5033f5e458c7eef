const { BatchManagementClient } = require("@azure/arm-batch");
const { ClientSecretCredential } = require("@azure/identity");

/** Microsoft's client, set up as its documentation has it, but for the cloud's addresses. */
function managementClient() {
  const {
    ARM_CLIENT_ID,
    ARM_CLIENT_SECRET,
    ARM_METADATA_HOSTNAME,
    ARM_SUBSCRIPTION_ID,
    ARM_TENANT_ID,
  } = process.env;
  const endpoint = `https://${ARM_METADATA_HOSTNAME}`;
  const credential = new ClientSecretCredential(ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, {
    authorityHost: endpoint,
    disableInstanceDiscovery: true,
  });
  return new BatchManagementClient(credential, ARM_SUBSCRIPTION_ID, { endpoint });
}

module.exports = { managementClient };
