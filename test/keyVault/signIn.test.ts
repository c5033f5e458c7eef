import { Connections } from "../../provider/azure/connections";
import { setProcessEnvironment } from "../support/processEnvironment";
import { inSignInWorld, onMachine, type Settings } from "../support/signInWorld";
import { simulatedDependencies } from "../support/simulatedWorld";

const here = inSignInWorld();

/** Reads a secret that is there under the settings; answers its version's tags. */
async function read(settings: Settings): Promise<unknown> {
  const name = `v${here.account.name.slice(1, 12)}`;
  const vault = here.simulator.createVault({ name });
  vault.putSecret("key", "value", { tags: { of: name } });
  const environment = { ARM_TENANT_ID: "", ARM_CLIENT_ID: "", ARM_CLIENT_SECRET: "" };
  const stack = new Map(Object.entries(settings));
  const connections = new Connections(
    simulatedDependencies(here.simulator, { environment }),
    (key) => stack.get(key.replace("azure-native:", "")),
  );
  const azure = await connections.to("azure-native");
  const secret = azure.keyVaultSecret(vault.uri, "key");
  const newest = await secret.newest();
  return typeof newest === "object" && newest.tags["of"] === name;
}

const METHODS: readonly (readonly [string, () => Settings])[] = [
  ["a client secret", () => ({ ...here.principal, clientSecret: here.simulator.clientSecret })],
  [
    "an OIDC token",
    () => ({ ...here.principal, useOidc: "true", oidcToken: here.simulator.federatedToken() }),
  ],
  [
    "a managed identity",
    () => {
      onMachine(here.simulator.managedIdentityEnvironment());
      return { useMsi: "true" };
    },
  ],
  [
    "DefaultAzureCredential",
    () => {
      const { tenantId, clientId, clientSecret } = here.simulator;
      setProcessEnvironment({
        AZURE_TENANT_ID: tenantId,
        AZURE_CLIENT_ID: clientId,
        AZURE_CLIENT_SECRET: clientSecret,
      });
      return { useDefaultAzureCredential: "true" };
    },
  ],
  ["the Azure CLI", () => ({})],
];

test.each(METHODS)("who signs in with %s reads a secret", async (_, settings) => {
  expect(await read(settings())).toBe(true);
});

test("the Azure CLI is asked for a token of the vaults' own audience, once", async () => {
  await read({});
  expect(here.az.calls().filter((call) => call.includes("get-access-token"))).toEqual([
    `account get-access-token -o json --resource ${here.simulator.keyVaultAudience}`,
  ]);
});
