import { createHttpHeaders, type HttpHeaders } from "@azure/core-rest-pipeline";
import { createResourceManager } from "../../provider/azure/arm/resourceManager";
import { signGet } from "../../provider/azure/batch/sharedKey";
import { cloudByName } from "../../provider/azure/clouds";
import type { Azure } from "../../provider/azure/connect";
import { AzureError } from "../../provider/azure/errors";
import type { Http } from "../../provider/azure/http/client";
import type { KeyVaultSecret, SecretVersion } from "../../provider/azure/keyVault/keyVault";
import { fingerprint } from "../../provider/rotation/outputs";
import type { KeyName } from "../../provider/rotation/properties";

/** One Batch account as Azure keeps it. Each key is made once. */
export interface AccountState {
  readonly Primary: string;
  readonly Secondary: string;
  /** How many keys were ever made: names the next one. */
  readonly made: number;
  /** The account's ARM id: it changes when the account is moved. */
  readonly id: string;
  /** The versions of its Key Vault secret, the newest last. */
  readonly secret: readonly StoredVersion[];
  readonly secretIsDeleted: boolean;
}

/** One version of the secret as Key Vault keeps it. */
export interface StoredVersion {
  readonly value: string;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Picks one of several ways on which a history can go on; the first is the one without a fault. */
export type Choose = <Way extends string>(ways: readonly [Way, ...Way[]]) => Way;

/** A lost answer is none at all, or, after the effect, a gateway's page in its place. */
const REGENERATE_WAYS = [
  "Answered",
  "KilledBefore",
  "KilledAfter",
  "LostBefore",
  "Substituted",
  "LostThenExecuted",
  "Refused",
] as const;
const WRITE_WAYS = [
  "Answered",
  "KilledBefore",
  "KilledAfter",
  "LostBefore",
  "LostAfter",
  "LostThenExecuted",
  "Refused",
] as const;
const READ_WAYS = ["Answered", "Killed", "Failed"] as const;
const TRIAL_WAYS = ["Answered", "Killed", "Unreachable", "Rejected"] as const;

interface Answer {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly bodyAsText: string;
}

const PAGE: Answer = {
  status: 403,
  headers: createHttpHeaders(),
  bodyAsText: "<html>Blocked</html>",
};

/**
 * Azure as one run of the provider's process meets it: an account in memory, and at every request a
 * choice of what happens to it. It stands at the boundary of Http: retries have their own tests.
 */
export class ModelledAzure {
  /** Requests to regenerate a key. */
  regenerated = 0;
  /** Keys that they have made. */
  executed = 0;
  /** Those of them whose answers were lost. */
  lost = 0;
  /** What has gone wrong in this run. */
  readonly faults: string[] = [];
  /** Fulfilled when the process is killed; nothing that it awaited goes on. */
  readonly killed: Promise<void>;
  #kill: () => void = () => undefined;
  #late: KeyName[] = [];
  #lateWrites: StoredVersion[] = [];
  #trial: (typeof TRIAL_WAYS)[number] | undefined;
  readonly #choose: Choose;

  constructor(
    public account: AccountState,
    choose: Choose,
  ) {
    this.killed = new Promise((resolve) => (this.#kill = resolve));
    this.#choose = (ways) => {
      const way = choose(ways);
      if (way !== ways[0]) this.faults.push(way);
      return way;
    };
  }

  connection(): Azure {
    const http = (send: (request: Request) => Promise<Answer>): Http => ({
      send: (request) => send(request) as never,
    });
    return {
      cloud: { ...cloudByName("public"), batchSuffix: undefined },
      resourceManager: createResourceManager(
        ENDPOINT,
        http((request) => this.#execute(request)),
      ),
      dataPlane: http(({ url, headers = {} }) => {
        const date = headers["ocp-date"] ?? "";
        const works = [this.account.Primary, this.account.Secondary].some(
          (key) => signGet(new URL(url), date, "account", key) === headers["Authorization"],
        );
        return this.#try(works);
      }),
      keyVaultSecret: () => this.#secret,
    };
  }

  /**
   * A request whose answer was lost is executed, at the latest, while the provider waits to settle
   * it, or before the next process comes so far. Nothing could be promised of a request that may be
   * executed at any time.
   */
  executeLateRequests(): void {
    for (const keyName of this.#late) this.regenerate(keyName);
    this.executed += this.#late.length;
    this.#late = [];
    for (const version of this.#lateWrites) this.#store(version);
    this.#lateWrites = [];
  }

  regenerate(keyName: KeyName): void {
    const { made } = this.account;
    this.account = { ...this.account, [keyName]: keyText(made), made: made + 1 };
  }

  /** Somebody disables the secret's newest version, or deletes the secret. */
  spoilSecret(isDeletion: boolean): void {
    const { secret } = this.account;
    this.account = isDeletion
      ? { ...this.account, secretIsDeleted: secret.length > 0 }
      : {
          ...this.account,
          secret: secret.map((each, index) =>
            index === secret.length - 1 ? { ...each, enabled: false } : each,
          ),
        };
  }

  readonly #secret: KeyVaultSecret = {
    uri: "https://vault.example/secrets/account-key",
    newest: async () => {
      await this.#read();
      if (this.account.secretIsDeleted) return "Deleted";
      return this.#versions().at(0);
    },
    recover: async () => {
      await this.#read();
      this.account = { ...this.account, secretIsDeleted: false };
    },
    write: ({ value, tags }) => this.#write({ value, tags, enabled: true }),
    versions: async () => {
      await this.#read();
      return this.#versions();
    },
    disable: async (version) => {
      await this.#read();
      const secret = this.account.secret.map((each, index) =>
        String(index) === version ? { ...each, enabled: false } : each,
      );
      this.account = { ...this.account, secret };
    },
  };

  #versions(): SecretVersion[] {
    return this.account.secret
      .map(({ value, enabled, tags }, index) => ({
        version: String(index),
        enabled,
        tags,
        valueFingerprint: enabled ? fingerprint(value) : undefined,
      }))
      .reverse();
  }

  /** A request to the vault that does no harm if it is lost: it is sent again until it is not. */
  #read(): Promise<void> {
    switch (this.#choose(READ_WAYS)) {
      case "Killed":
        return this.#die();
      case "Failed":
        return Promise.reject(new AzureError("the vault does not answer", "unknown"));
      default:
        return Promise.resolve();
    }
  }

  #write(version: StoredVersion): Promise<string> {
    const way = this.#choose(WRITE_WAYS);
    if (way === "Answered" || way === "KilledAfter" || way === "LostAfter") this.#store(version);
    if (way === "LostThenExecuted") this.#lateWrites.push(version);
    switch (way) {
      case "Answered":
        return Promise.resolve(String(this.account.secret.length - 1));
      case "KilledBefore":
      case "KilledAfter":
        return this.#die();
      case "Refused":
        return Promise.reject(new AzureError("the vault refuses", "refused"));
      default:
        return Promise.reject(new AzureError("the answer was lost", "unknown"));
    }
  }

  #store(version: StoredVersion): void {
    const secret = [...this.account.secret, version];
    this.account = { ...this.account, secret, secretIsDeleted: false };
  }

  #execute({ url, body }: Request): Promise<Answer> {
    const path = url.slice(ENDPOINT.length, url.indexOf("?"));
    const isList = path.endsWith("/batchAccounts");
    const [id = "", action = ""] = path.split(/\/(?=listKeys|regenerateKeys)/);
    if (id !== this.account.id && !isList) return refusal(404, "ResourceNotFound");
    if (action === "regenerateKeys") {
      return this.#regenerateRequest((JSON.parse(body ?? "") as { keyName: KeyName }).keyName);
    }
    switch (this.#choose(READ_WAYS)) {
      case "Killed":
        return this.#die();
      case "Failed":
        return refusal(500, "InternalServerError");
      default:
        if (action === "listKeys") return answer(this.#keys());
        return answer(isList ? { value: [this.#resource()] } : this.#resource());
    }
  }

  #regenerateRequest(keyName: KeyName): Promise<Answer> {
    this.regenerated += 1;
    const way = this.#choose(REGENERATE_WAYS);
    if (way === "Answered" || way === "KilledAfter" || way === "Substituted") {
      this.executed += 1;
      this.regenerate(keyName);
    }
    if (way === "LostThenExecuted") this.#late.push(keyName);
    switch (way) {
      case "Answered":
        return answer(this.#keys());
      case "KilledBefore":
      case "KilledAfter":
        return this.#die();
      case "Refused":
        return refusal(429, "SubscriptionRequestsThrottled");
      case "Substituted":
        this.lost += 1;
        return Promise.resolve(PAGE);
      default:
        this.lost += 1;
        return Promise.reject(new Error("the answer was lost"));
    }
  }

  /** What the data plane answers stays as it is for the rest of the run. */
  #try(works: boolean): Promise<Answer> {
    this.#trial ??= this.#choose(TRIAL_WAYS);
    switch (this.#trial) {
      case "Killed":
        return this.#die();
      case "Unreachable":
        return Promise.reject(new Error("unreachable"));
      case "Rejected":
        return answer(WRONG_SIGNATURE, 403);
      default:
        return works ? answer({ value: [] }) : answer(WRONG_SIGNATURE, 403);
    }
  }

  #resource() {
    const properties = { accountEndpoint: "account.example" };
    return { id: this.account.id, name: "account", properties };
  }

  #keys() {
    const { Primary: primary, Secondary: secondary } = this.account;
    return { accountName: "account", primary, secondary };
  }

  #die(): Promise<never> {
    this.#kill();
    return new Promise(() => undefined);
  }
}

const ENDPOINT = "https://management.example";

type Request = Parameters<Http["send"]>[0];

const WRONG_SIGNATURE = {
  code: "AuthenticationFailed",
  values: [{ key: "AuthenticationErrorDetail", value: "The MAC signature differs" }],
};

function answer(body: object, status = 200): Promise<Answer> {
  return Promise.resolve({
    status,
    headers: createHttpHeaders(),
    bodyAsText: JSON.stringify(body),
  });
}

function refusal(status: number, code: string): Promise<Answer> {
  return answer({ error: { code, message: "" } }, status);
}

/** The text of the nth key ever made; it has the form of one. */
export function keyText(made: number): string {
  return `key${String(made)}`.padEnd(24, "x");
}
