const pulumi = require("@pulumi/pulumi");
const { BatchAccount } = require("@pulumi/azure-native/batch");
const { Secret, Vault } = require("@pulumi/azure-native/keyvault");
const { ResourceGroup } = require("@pulumi/azure-native/resources");

const config = new pulumi.Config();

const group = new ResourceGroup("group", { location: "westeurope" });
const resourceGroupName = group.name;
const account = new BatchAccount("account", { resourceGroupName, tags: { team: "batch" } });
const vault = new Vault("vault", {
  resourceGroupName,
  vaultName: config.get("vaultName"),
  properties: {
    sku: { family: "A", name: "standard" },
    tenantId: "00000000-0000-0000-0000-000000000000",
  },
  // The vault's tag waits for the account, which puts all four in one order.
  tags: { endpoint: account.accountEndpoint },
});
const secret = new Secret("secret", {
  resourceGroupName,
  vaultName: vault.name,
  secretName: "batch-key",
  properties: {
    value: config.requireSecret("value"),
    contentType: "text/plain",
    attributes: { expires: 2_000_000_000 },
  },
});

exports.accountId = account.id;
exports.accountName = account.name;
exports.accountEndpoint = account.accountEndpoint;
exports.vaultName = vault.name;
exports.secretUri = secret.properties.secretUri;
exports.secretUriWithVersion = secret.properties.secretUriWithVersion;
exports.expires = secret.properties.attributes.apply((attributes) => attributes?.expires);
