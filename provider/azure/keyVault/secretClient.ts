import { setTimeout as sleep } from "node:timers/promises";
import type { TokenCredential } from "@azure/core-auth";
import {
  createHttpHeaders,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { SecretClient, type SecretProperties } from "@azure/keyvault-secrets";
import { fingerprint } from "../../rotation/outputs";
import type { Cloud } from "../clouds";
import { AzureError, MalformedAnswer, NotSentError } from "../errors";
import { createHttp, type Http, type HttpOptions } from "../http/client";
import { adviceOn, codeOf, describeFailure, wasNeverSent } from "../http/failures";
import { followable } from "../http/followable";
import { DEFAULT_RETRY, type RetryOptions } from "../http/retry";
import { isJsonObject, jsonIfAny, text } from "../json";
import { ChallengeRefused } from "./challenge";
import type { KeyVaultSecret, SecretToWrite, SecretVersion } from "./keyVault";
import { VaultError, vaultError } from "./vaultError";
import { vaultSignIn } from "./vaultSignIn";
import { requireVault } from "./vaultUri";

/** Pages of 25 versions; a list that goes on for longer never ends. */
const MOST_PAGES = 1_000;

/** Microsoft's client counts seconds in 32 bits: it would write later dates as ones before 1970. */
const LATEST_EXPIRY = new Date((2 ** 31 - 1) * 1_000);

/** In passing, and over in less than the retries take: the secret is written then. */
const BEING_CHANGED = /^ObjectIs(DeletedButRecoverable|Being(Deleted|Recovered))$/;

/**
 * The secrets of a cloud's key vaults, as one identity sees them. A vault is asked once, however many
 * secrets there are, what token it takes.
 */
export function keyVaultSecrets(
  cloud: Cloud,
  credential: TokenCredential,
  options: HttpOptions,
): (vaultUri: string, name: string) => KeyVaultSecret {
  const http = createHttp(options, { sign: vaultSignIn(cloud, credential) });
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  return (vaultUri, name) =>
    new SecretOfVault(http, requireVault(cloud, vaultUri), name, cloud.keyVaultAudience, retry);
}

/** What is done to a secret, for messages: "could not read secret …". */
type Intent = "read" | "write" | "recover" | "disable" | "list the versions of";

class SecretOfVault implements KeyVaultSecret {
  readonly uri: string;
  readonly #http: Http;
  readonly #vault: string;
  readonly #name: string;
  readonly #audience: string;
  readonly #retry: RetryOptions;

  /** @param vault its origin. */
  constructor(http: Http, vault: string, name: string, audience: string, retry: RetryOptions) {
    this.uri = `${vault}/secrets/${name}`;
    this.#http = http;
    this.#vault = vault;
    this.#name = name;
    this.#audience = audience;
    this.#retry = retry;
  }

  async newest(): Promise<SecretVersion | "Deleted" | undefined> {
    try {
      return await this.#call("read", async (client) => {
        const { value, properties } = await client.getSecret(this.#name);
        if (value === undefined) throw new MalformedAnswer('"value" is missing');
        return versionOf(properties, fingerprint(value));
      });
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      if (error.status === 404) return (await this.#isDeleted()) ? "Deleted" : undefined;
      if (error.reason !== "SecretDisabled") throw error;
      const newest = (await this.#list()).find(({ enabled }) => enabled === false);
      if (newest === undefined) throw error;
      return versionOf(newest);
    }
  }

  async recover(): Promise<void> {
    await this.#recover();
    for (let tries = 0; (await this.newest()) === "Deleted"; tries += 1) {
      if (tries === this.#retry.maximumRetries) {
        throw new AzureError(
          `${this.#failure("recover")}: it is still being recovered. Next: run "pulumi up" again in a few minutes`,
          "unknown",
        );
      }
      await sleep(this.#retry.firstDelay * 2 ** tries);
    }
  }

  async write(secret: SecretToWrite): Promise<string> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#set(secret);
      } catch (error) {
        const isPassing = error instanceof VaultError && BEING_CHANGED.test(error.reason);
        if (!isPassing || tries === this.#retry.maximumRetries) throw error;
        if (error.reason === "ObjectIsDeletedButRecoverable") await this.#recover();
        await sleep(this.#retry.firstDelay * 2 ** tries);
      }
    }
  }

  async versions(): Promise<readonly SecretVersion[]> {
    const listed = await this.#list();
    const versions = listed.map((each) => versionOf(each));
    // Key Vault tells seconds: of versions made in the same one, only it knows the newest.
    const [first, second] = listed.map(created);
    if (first === undefined || first !== second) return versions;
    const newest = await this.newest();
    const isNewest = ({ version }: SecretVersion) =>
      typeof newest === "object" && newest.version === version;
    return versions.sort((one, other) => Number(isNewest(other)) - Number(isNewest(one)));
  }

  async disable(version: string): Promise<void> {
    await this.#call("disable", (client) =>
      client.updateSecretProperties(this.#name, version, { enabled: false }),
    );
  }

  #set({ value, expiresOn, contentType, tags }: SecretToWrite): Promise<string> {
    return this.#call("write", async (client) => {
      const { properties } = await client.setSecret(this.#name, value, {
        contentType,
        tags,
        ...(expiresOn !== undefined && expiresOn <= LATEST_EXPIRY && { expiresOn }),
      });
      return versionOf(properties).version;
    });
  }

  async #recover(): Promise<void> {
    try {
      // It does not wait until the secret is there: writing tells.
      await this.#call("recover", (client) => client.beginRecoverDeletedSecret(this.#name));
    } catch (error) {
      // Somebody else has recovered or purged it meanwhile, or is about to.
      if (!(error instanceof VaultError && [404, 409].includes(error.statusCode))) throw error;
    }
  }

  async #isDeleted(): Promise<boolean> {
    try {
      await this.#call("read", (client) => client.getDeletedSecret(this.#name));
      return true;
    } catch (error) {
      if (error instanceof VaultError && error.status === 404) return false;
      throw error;
    }
  }

  /** Newest first. */
  #list(): Promise<SecretProperties[]> {
    return this.#call("list the versions of", async (client) => {
      const versions: SecretProperties[] = [];
      let pages = 0;
      for await (const page of client.listPropertiesOfSecretVersions(this.#name).byPage()) {
        pages += 1;
        if (pages > MOST_PAGES) throw new MalformedAnswer("its pages do not end");
        versions.push(...page);
      }
      return versions.sort((one, other) => created(other) - created(one));
    });
  }

  /** Has Microsoft's client make a request, and read the answer to it. */
  async #call<Result>(
    intent: Intent,
    action: (client: SecretClient) => Promise<Result>,
  ): Promise<Result> {
    const client = new SecretClient(this.#vault, STAND_IN, {
      httpClient: { sendRequest: (request) => this.#send(intent, request) },
      disableChallengeResourceVerification: true,
      retryOptions: { maxRetries: 0 },
    });
    try {
      return await action(client);
    } catch (error) {
      if (error instanceof AzureError || error instanceof NotSentError) throw error;
      throw new AzureError(
        `${this.#failure(intent)}: the answer does not have the form of this API version: ${describeFailure(error)}. ` +
          "Next: check that vaultUri is a key vault's, and that no proxy changes its answers",
        "unknown",
      );
    }
  }

  /** Sends what Microsoft's client would send, and lets it see nothing but success. */
  async #send(intent: Intent, request: PipelineRequest): Promise<PipelineResponse> {
    // It would go by what a vault's challenge says. That is looked at, and the request signed, as it
    // is sent; here it gets a challenge that has it go on.
    if (!request.headers.has("Authorization")) {
      const challenge = `Bearer resource="${this.#audience}"`;
      const headers = createHttpHeaders({ "WWW-Authenticate": challenge });
      return { request, status: 401, headers };
    }
    const failure = this.#failure(intent);
    const url = followable(request.url, this.#vault)?.href ?? "";
    const body = typeof request.body === "string" ? request.body : undefined;
    const response = await this.#http
      .send({
        what: failure.replace("could not ", ""),
        method: request.method,
        url,
        headers: {
          Accept: "application/json",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body }),
        // Twice written, a value makes two versions of the same, and the newer one counts.
        repeatable: true,
      })
      .catch((error: unknown) => {
        throw this.#noAnswer(failure, error);
      });
    const isRead = response.status === 200 && isJsonObject(jsonIfAny(response.bodyAsText));
    if (isRead) return { ...response, request };
    const value = text(jsonIfAny(body), "value");
    throw vaultError(response, failure, this.#vault, [value]);
  }

  #noAnswer(failure: string, error: unknown): Error {
    if (error instanceof NotSentError) return error;
    if (error instanceof ChallengeRefused) {
      return new AzureError(`${failure}: ${error.message}. Next: ${error.next}`, "refused");
    }
    const next =
      codeOf(error) === "ENOTFOUND"
        ? "check vaultUri: there is no key vault of that name, or only a network with its private endpoint knows it"
        : `${adviceOn(error, this.#vault)}, then run "pulumi up" again`;
    return new AzureError(
      `${failure}: ${describeFailure(error)}. Next: ${next}`,
      wasNeverSent(error) ? "refused" : "unknown",
    );
  }

  #failure(intent: Intent): string {
    return `could not ${intent} secret "${this.#name}" of key vault ${this.#vault}`;
  }
}

/** In place of a credential: {@link vaultSignIn} puts the token on a request. */
const STAND_IN: TokenCredential = {
  getToken: () => Promise.resolve({ token: "", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

function created({ createdOn }: SecretProperties): number {
  return createdOn?.getTime() ?? 0;
}

/** @throws MalformedAnswer */
function versionOf(
  { version = "", enabled, tags = {} }: SecretProperties,
  valueFingerprint?: string,
): SecretVersion {
  if (version === "") throw new MalformedAnswer('"id" names no version');
  return { version, enabled: enabled !== false, tags, valueFingerprint };
}
