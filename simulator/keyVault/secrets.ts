import { Failure } from "../failure";
import {
  Secret,
  type SecretProperties,
  type SecretSurroundings,
  type SecretVersion,
} from "./secret";

/** A secret, and one version of it. */
interface Found {
  readonly secret: Secret;
  readonly version: SecretVersion;
}

/** The secrets of a vault. Names are matched without case, as Key Vault does. */
export class Secrets {
  readonly #surroundings: SecretSurroundings;
  readonly #secrets = new Map<string, Secret>();

  constructor(surroundings: SecretSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Those that are there. */
  get active(): Secret[] {
    return this.#all.filter(({ state }) => state === "Active");
  }

  /** Those that can be recovered. */
  get deleted(): Secret[] {
    return this.#all.filter(({ state }) => state === "Deleted");
  }

  /** The secret with this name, in whatever state. */
  find(name: string): Secret | undefined {
    const secret = this.#secrets.get(name.toLowerCase());
    return secret?.isPurged ? undefined : secret;
  }

  findActive(name: string): Secret | undefined {
    const secret = this.find(name);
    return secret?.state === "Active" ? secret : undefined;
  }

  /** @param version without one, the newest is meant. */
  existing(name: string, version = ""): Found {
    const secret = this.findActive(name);
    const found = secret?.find(version);
    if (!secret || !found) throw secretNotFound(version === "" ? name : `${name}/${version}`);
    return { secret, version: found };
  }

  existingDeleted(name: string): Secret {
    const secret = this.find(name);
    if (secret?.state === "Deleted") return secret;
    throw new Failure(404, "SecretNotFound", `Deleted Secret not found: ${name}`);
  }

  /** Adds a version to the secret, which is made if it is not there. */
  set(name: string, value: string, properties: SecretProperties): Secret {
    const found = this.find(name);
    if (found) {
      checkWritable(found);
      found.add(value, properties);
      return found;
    }
    const made = new Secret(name, { value, properties }, this.#surroundings);
    this.#secrets.set(name.toLowerCase(), made);
    return made;
  }

  /** Deletes what is deleted already, for good. */
  purge({ name }: Secret): void {
    this.#secrets.delete(name.toLowerCase());
  }

  get #all(): Secret[] {
    return [...this.#secrets.values()].filter(({ isPurged }) => !isPurged);
  }
}

export function secretNotFound(nameOrId: string): Failure {
  return new Failure(
    404,
    "SecretNotFound",
    `A secret with (name/id) ${nameOrId} was not found in this key vault. If you recently deleted ` +
      "this secret you may be able to recover it using the correct recovery command. For help " +
      "resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182",
  );
}

/** Throws for a name that Key Vault takes for no secret. */
export function checkSecretName(name: string): void {
  if (!/^[a-zA-Z0-9-]{1,127}$/.test(name)) {
    const message = `The request URI contains an invalid name: ${name}`;
    throw new Failure(400, "BadParameter", message);
  }
}

function checkWritable({ name, state }: Secret): void {
  switch (state) {
    case "Active":
      return;
    case "Deleting":
      throw conflict("Secret is currently being deleted.", "ObjectIsBeingDeleted");
    case "Recovering":
      // The code is Azure's; its words are not documented.
      throw conflict("Secret is currently being recovered.", "ObjectIsBeingRecovered");
    case "Deleted":
      throw conflict(
        `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be ` +
          "reused; in this state, the secret can only be recovered or purged.",
        "ObjectIsDeletedButRecoverable",
      );
  }
}

function conflict(message: string, innerCode: string): Failure {
  return new Failure(409, "Conflict", message, { innerCode });
}
