import { BatchServiceClient, BatchSharedKeyCredentials } from "@azure/batch";
import { DefaultAzureCredential } from "@azure/identity";
import { parseKeyVaultSecretIdentifier, SecretClient } from "@azure/keyvault-secrets";

/*
 * An application: it reads the key whenever it starts, and lists the account's pools. It needs no
 * Pulumi, only three of the stack's outputs: SECRET_URI, ACCOUNT_NAME and ACCOUNT_URL.
 */

/** Of a URI without a version, Key Vault gives the newest one: the current key. */
async function currentKey(secretUri: string): Promise<string> {
  const { vaultUrl, name } = parseKeyVaultSecretIdentifier(secretUri);
  const { value } = await new SecretClient(vaultUrl, new DefaultAzureCredential()).getSecret(name);
  if (value === undefined) throw new Error(`${secretUri} has no value`);
  return value;
}

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const { SECRET_URI = "", ACCOUNT_NAME = "", ACCOUNT_URL = "" } = environment;
  const credentials = new BatchSharedKeyCredentials(ACCOUNT_NAME, await currentKey(SECRET_URI));
  for (const { id } of await new BatchServiceClient(credentials, ACCOUNT_URL).pool.list()) {
    console.log(id);
  }
}

main(process.env).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
