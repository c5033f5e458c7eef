import { isRestError } from "@azure/core-rest-pipeline";
import {
  type KeyVaultSecret,
  SecretClient,
  type SecretProperties,
  type SetSecretOptions,
} from "@azure/keyvault-secrets";
import type { Simulator } from "../../../simulator";
import { credential } from "../simulatorAndClients";
import { outcomeOf } from "./clients";
import type { Client } from "./scenario";
import { type SecretCall, type SecretSettings, VAULT } from "./secrets";

/** Microsoft's client of a vault's secrets in JavaScript. */
export function keyVaultSecretsClient(simulator: Simulator): Client<SecretCall> {
  const client = new SecretClient(simulator.vault(VAULT).uri, credential(simulator), {
    disableChallengeResourceVerification: true,
    tlsOptions: { ca: simulator.certificateAuthority },
    retryOptions: { maxRetries: 0 },
  });
  const make = async (call: SecretCall): Promise<unknown> => {
    switch (call.operation) {
      case "set":
        return secret(await client.setSecret(call.name, call.value, options(call.settings)));
      case "get": {
        const { version } = call;
        return secret(await client.getSecret(call.name, version === undefined ? {} : { version }));
      }
      case "update": {
        const { name, version = "", settings } = call;
        return properties(await client.updateSecretProperties(name, version, options(settings)));
      }
      case "list":
        return all(client.listPropertiesOfSecrets());
      case "listVersions":
        return all(client.listPropertiesOfSecretVersions(call.name));
      case "listDeleted": {
        const names: string[] = [];
        for await (const { name } of client.listDeletedSecrets()) names.push(name);
        return names;
      }
      case "delete": {
        const poller = await client.beginDeleteSecret(call.name, { intervalInMs: 1 });
        return properties((await poller.pollUntilDone()).properties);
      }
      case "getDeleted":
        return properties((await client.getDeletedSecret(call.name)).properties);
      case "recover": {
        const poller = await client.beginRecoverDeletedSecret(call.name, { intervalInMs: 1 });
        return properties(await poller.pollUntilDone());
      }
      case "purge":
        await client.purgeDeletedSecret(call.name);
        return null;
    }
  };
  return (call) =>
    outcomeOf(make(call), (error) =>
      isRestError(error) ? { status: error.statusCode ?? 0, code: error.code } : undefined,
    );
}

function options({ expires, ...settings }: SecretSettings): SetSecretOptions {
  return { ...settings, ...(expires !== undefined && { expiresOn: new Date(expires * 1000) }) };
}

function secret({ value, properties: rest }: KeyVaultSecret) {
  return { value: value ?? null, ...properties(rest) };
}

/** What the client in Python tells, too, in its words for what there is none of. */
function properties({ name, version, contentType, enabled, expiresOn, tags }: SecretProperties) {
  return {
    name,
    version: version ?? null,
    contentType: contentType ?? null,
    enabled: enabled ?? null,
    expires: expiresOn === undefined ? null : expiresOn.getTime() / 1000,
    tags: tags ?? null,
  };
}

async function all(found: AsyncIterable<SecretProperties>): Promise<unknown> {
  const list: unknown[] = [];
  for await (const each of found) list.push(properties(each));
  return list;
}
