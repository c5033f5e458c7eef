import type { Azure } from "../../provider/azure/azure";
import type { Operation } from "../../provider/azure/resourceManager";
import type { KeyName } from "../../provider/azure/batchAccounts";
import { cloudByName } from "../../provider/azure/clouds";
import { AzureError } from "../../provider/azure/errors";
import { signGet } from "../../provider/azure/sharedKey";

/** One Batch account as Azure keeps it. Each key is made once. */
export interface AccountState {
  readonly Primary: string;
  readonly Secondary: string;
  /** How many keys were ever made: names the next one. */
  readonly made: number;
  /** The account's ARM id: it changes when the account is moved. */
  readonly id: string;
}

/** Picks one of several ways on which a history can go on; the first is the one without a fault. */
export type Choose = <Way extends string>(ways: readonly [Way, ...Way[]]) => Way;

const REGENERATE_WAYS = [
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

/**
 * Azure as one run of the provider's process meets it: an account in memory, and at every request a
 * choice of what happens to it. It stands at the boundary of ResourceManager and Http: retries and
 * the reading of answers have their own tests, over HTTPS.
 */
export class ModelledAzure {
  /** Requests to regenerate a key. */
  regenerated = 0;
  /** Keys that they have made. */
  executed = 0;
  /** Those of them whose answers were lost. */
  lost = 0;
  /** Fulfilled when the process is killed; nothing that it awaited goes on. */
  readonly killed: Promise<void>;
  #kill: () => void = () => undefined;
  #late: KeyName[] = [];
  #trial: (typeof TRIAL_WAYS)[number] | undefined;

  constructor(
    public account: AccountState,
    private readonly choose: Choose,
  ) {
    this.killed = new Promise((resolve) => (this.#kill = resolve));
  }

  connection(): Azure {
    return {
      cloud: { ...cloudByName("public"), batchSuffix: undefined },
      resourceManager: {
        call: async ({ id }, operation, parse) => parse(await this.#execute(id, operation)),
      },
      dataPlane: {
        send: async ({ url, headers = {} }) => {
          const date = headers["ocp-date"] ?? "";
          const works = [this.account.Primary, this.account.Secondary].some(
            (key) => signGet(new URL(url), date, "account", key) === headers["Authorization"],
          );
          return (await this.#try(works)) as never;
        },
      },
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
  }

  regenerate(keyName: KeyName): void {
    const { made } = this.account;
    this.account = { ...this.account, [keyName]: keyText(made), made: made + 1 };
  }

  #execute(id: string, { path, body }: Operation): Promise<unknown> {
    const isList = path.endsWith("/batchAccounts");
    if (id !== this.account.id && !isList) return Promise.reject(NOT_FOUND);
    if (path === "/regenerateKeys") {
      return this.#regenerateRequest((body as { keyName: KeyName }).keyName);
    }
    switch (this.choose(READ_WAYS)) {
      case "Killed":
        return this.#die();
      case "Failed":
        return Promise.reject(new AzureError("the read failed", "unknown"));
      default:
        return Promise.resolve(
          path === "/listKeys"
            ? this.#keys()
            : isList
              ? { value: [this.#resource()] }
              : this.#resource(),
        );
    }
  }

  #regenerateRequest(keyName: KeyName): Promise<unknown> {
    this.regenerated += 1;
    const way = this.choose(REGENERATE_WAYS);
    if (way === "Answered" || way === "KilledAfter" || way === "LostAfter") {
      this.executed += 1;
      this.regenerate(keyName);
    }
    if (way === "LostThenExecuted") this.#late.push(keyName);
    if (way.startsWith("Lost")) this.lost += 1;
    switch (way) {
      case "Answered":
        return Promise.resolve(this.#keys());
      case "KilledBefore":
      case "KilledAfter":
        return this.#die();
      case "Refused":
        return Promise.reject(new AzureError("throttled for too long", "refused"));
      default:
        return Promise.reject(new AzureError("the answer was lost", "unknown"));
    }
  }

  /** What the data plane answers stays as it is for the rest of the run. */
  #try(works: boolean): Promise<{ status: number; bodyAsText: string }> {
    this.#trial ??= this.choose(TRIAL_WAYS);
    switch (this.#trial) {
      case "Killed":
        return this.#die();
      case "Unreachable":
        return Promise.reject(new Error("unreachable"));
      case "Rejected":
        return Promise.resolve({ status: 403, bodyAsText: "The MAC signature" });
      default:
        return Promise.resolve(
          works
            ? { status: 200, bodyAsText: "" }
            : { status: 403, bodyAsText: "The MAC signature differs" },
        );
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

const NOT_FOUND = new AzureError("there is no account of this id", "refused", {
  status: 404,
  code: "ResourceNotFound",
  message: "",
  correlationId: undefined,
  retryAfter: undefined,
});

/** The text of the nth key ever made; it has the form of one. */
export function keyText(made: number): string {
  return `key${String(made)}`.padEnd(24, "x");
}
