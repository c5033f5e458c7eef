import { accountId, type AccountRequestBody, type SimulatedAccount } from "./account";
import { type KeyName } from "./accountKeys";
import { type AccountStore } from "./accountStore";
import { Failure, resourceNotFound } from "./failure";
import { type LongRunningOperations } from "./longRunningOperations";
import { jsonBody, parameter, requireLocation } from "./request";
import { type ResourceManagerRoute } from "./resourceManager";
import { type Answer, type OperationName, type Reply, type RoutedRequest } from "./route";
import { existingGroup } from "./subscriptions";

interface BatchAccountsOptions {
  readonly url: string;
  readonly store: AccountStore;
  readonly longRunningOperations: LongRunningOperations;
  readonly pageSize: number;
  /** The service principal, as authorization errors name it. */
  readonly principal: { readonly clientId: string; readonly objectId: string };
}

type Action = "read" | "write" | "delete" | "listKeys/action" | "regenerateKeys/action";

const SUBSCRIPTION = "/subscriptions/{subscriptionId}";
const RESOURCE_GROUP = `${SUBSCRIPTION}/resourceGroups/{resourceGroupName}`;
const PROVIDER = "/providers/Microsoft.Batch";
const COLLECTION = `${PROVIDER}/batchAccounts`;
const ACCOUNT = `${RESOURCE_GROUP}${COLLECTION}/{accountName}`;
const OPERATION_RESULT = `${PROVIDER}/locations/{location}/accountOperationResults/{operationId}`;

const apiVersions = [
  ..."2015-12-01 2017-01-01 2017-05-01 2017-09-01 2018-12-01 2019-04-01 2019-08-01".split(" "),
  ..."2020-03-01 2020-05-01 2020-09-01 2021-01-01 2021-06-01 2022-01-01 2022-06-01".split(" "),
  ..."2022-10-01 2023-05-01 2023-11-01 2024-02-01 2024-07-01 2025-06-01 2026-08-01".split(" "),
];

/** The Batch account operations of Resource Manager. */
export function batchAccountRoutes(options: BatchAccountsOptions): ResourceManagerRoute[] {
  const accounts = new BatchAccounts(options);
  return [
    route("list", "GET", `${SUBSCRIPTION}${COLLECTION}`, (request) => accounts.list(request)),
    route("list", "GET", `${RESOURCE_GROUP}${COLLECTION}`, (request) =>
      accounts.list(request, existingGroup(options.store, request).name),
    ),
    route("get", "GET", ACCOUNT, (request) => accounts.get(request)),
    route("create", "PUT", ACCOUNT, (request) => accounts.put(request)),
    route("update", "PATCH", ACCOUNT, (request) => accounts.patch(request)),
    route("delete", "DELETE", ACCOUNT, (request) => accounts.delete(request)),
    route("listKeys", "POST", `${ACCOUNT}/listKeys`, (request) => accounts.listKeys(request)),
    route("regenerateKeys", "POST", `${ACCOUNT}/regenerateKeys`, (request) =>
      accounts.regenerateKeys(request),
    ),
    route("operationResult", "GET", `${SUBSCRIPTION}${OPERATION_RESULT}`, (request) =>
      options.longRunningOperations.poll(request),
    ),
  ];
}

function route(
  operation: OperationName,
  method: string,
  path: string,
  answer: (request: RoutedRequest) => Answer,
): ResourceManagerRoute {
  return {
    operation,
    method,
    path,
    answer: (request) => {
      checkApiVersion(request);
      return answer(request);
    },
  };
}

function checkApiVersion({ url }: RoutedRequest): void {
  const apiVersion = url.searchParams.get("api-version") ?? "";
  if (!apiVersions.includes(apiVersion)) {
    throw new Failure(
      400,
      "NoRegisteredProviderFound",
      `No registered resource provider found for location '' and API version '${apiVersion}' ` +
        `for type 'batchAccounts'. The supported api-versions are '${apiVersions.join(", ")}'.`,
    );
  }
}

class BatchAccounts {
  readonly #options: BatchAccountsOptions;

  constructor(options: BatchAccountsOptions) {
    this.#options = options;
  }

  list(request: RoutedRequest, resourceGroupName?: string): Reply {
    const { store, pageSize, url } = this.#options;
    const subscriptionId = parameter(request, "subscriptionId");
    const position = decodePosition(request.url.searchParams.get("$skiptoken"));
    const page = store.listAccounts({ subscriptionId, resourceGroupName }, position, pageSize);
    const nextLink = new URL(request.url.pathname, url);
    for (const [name, value] of request.url.searchParams) {
      nextLink.searchParams.set(name, value);
    }
    nextLink.searchParams.set("$skiptoken", encodePosition(page.next ?? 0));
    return {
      status: 200,
      body: {
        value: page.accounts.map((each) => each.resource()),
        ...(page.next !== undefined && { nextLink: nextLink.href }),
      },
    };
  }

  get(request: RoutedRequest): Reply {
    return { status: 200, body: this.#existing(request, "read").resource() };
  }

  /** A new account takes a while; a PUT of an existing one changes it at once. */
  put(request: RoutedRequest): Reply {
    const { store, longRunningOperations } = this.#options;
    if (this.#find(request)) {
      return this.patch(request);
    }
    const name = parameter(request, "accountName");
    const body = jsonBody<AccountRequestBody>(request);
    const scope = {
      subscriptionId: parameter(request, "subscriptionId"),
      resourceGroupName: existingGroup(store, request).name,
      name,
      location: requireLocation(body.location),
    };
    if (store.accountByName(name)) {
      const message = `An account named '${name}' already exists in region '${scope.location}'.`;
      throw new Failure(409, "AccountAlreadyExists", message, { target: "BatchAccount" });
    }
    const created = store.addAccount(scope, longRunningOperations.completionTime);
    created.update(body);
    return this.#accept(created, request, () => ({ status: 200, body: created.resource() }));
  }

  patch(request: RoutedRequest): Reply {
    const existing = this.#existing(request, "write");
    existing.update(jsonBody<AccountRequestBody>(request));
    return { status: 200, body: existing.resource() };
  }

  delete(request: RoutedRequest): Reply {
    if (!this.#find(request)) {
      return { status: 204 };
    }
    const existing = this.#existing(request, "delete");
    existing.delete(this.#options.longRunningOperations.completionTime);
    return this.#accept(existing, request, () => ({ status: 200 }));
  }

  listKeys(request: RoutedRequest): Reply {
    const existing = this.#existing(request, "listKeys/action");
    checkSharedKeyAllowed(existing);
    return keysReply(existing);
  }

  regenerateKeys(request: RoutedRequest): Reply {
    const existing = this.#existing(request, "regenerateKeys/action");
    checkSharedKeyAllowed(existing);
    const { keyName } = jsonBody<{ keyName: string }>(request);
    if (!isKeyName(keyName)) {
      // Azure's own words are not documented.
      const message = "The specified Request Body is not syntactically valid.";
      throw new Failure(400, "InvalidRequestBody", message, { target: "BatchAccount" });
    }
    existing.regenerate(keyName, "Request");
    return keysReply(existing);
  }

  #find(request: RoutedRequest): SimulatedAccount | undefined {
    return this.#options.store.accountById(
      accountId({
        subscriptionId: parameter(request, "subscriptionId"),
        resourceGroupName: parameter(request, "resourceGroupName"),
        name: parameter(request, "accountName"),
      }),
    );
  }

  /** The account that a request names, if it exists and allows the action. */
  #existing(request: RoutedRequest, action: Action): SimulatedAccount {
    const group = existingGroup(this.#options.store, request);
    const existing = this.#find(request);
    if (!existing) {
      const name = parameter(request, "accountName");
      throw resourceNotFound("Microsoft.Batch/batchAccounts", name, group.name);
    }
    this.#checkPermission(existing, action);
    checkLock(existing, action);
    return existing;
  }

  #checkPermission({ id, deniedActions }: SimulatedAccount, action: Action): void {
    const { clientId, objectId } = this.#options.principal;
    const fullAction = `Microsoft.Batch/batchAccounts/${action}`;
    if (deniedActions.has(fullAction)) {
      throw new Failure(
        403,
        "AuthorizationFailed",
        `The client '${clientId}' with object id '${objectId}' does not have authorization to ` +
          `perform action '${fullAction}' over scope '${id}' or the scope is invalid. ` +
          "If access was recently granted, please refresh your credentials.",
      );
    }
  }

  #accept(target: SimulatedAccount, request: RoutedRequest, result: () => Reply): Reply {
    const { subscriptionId, location, name } = target;
    const results =
      `/subscriptions/${subscriptionId}${PROVIDER}` +
      `/locations/${location}/accountOperationResults`;
    return this.#options.longRunningOperations.start(results, name, request, result);
  }
}

/** To a ReadOnly lock the POST of an action is a write as well. */
function checkLock({ id, locked }: SimulatedAccount, action: Action): void {
  if (locked && action !== "read") {
    throw new Failure(
      409,
      "ScopeLocked",
      `The scope '${id}' cannot perform ${action === "delete" ? "delete" : "write"} operation ` +
        `because following scope(s) are locked: '${id}'. ` +
        "Please remove the lock and try again.",
    );
  }
}

/** Azure's documentation says of this case only that it "will fail"; code and message are ours. */
function checkSharedKeyAllowed({ allowsSharedKey }: SimulatedAccount): void {
  if (!allowsSharedKey) {
    const message = "The authentication mode SharedKey is not allowed for this account.";
    throw new Failure(409, "SharedKeyNotAllowed", message, { target: "BatchAccount" });
  }
}

function keysReply(existing: SimulatedAccount): Reply {
  return { status: 200, body: { accountName: existing.name, ...existing.keys() } };
}

function isKeyName(name: string | undefined): name is KeyName {
  return name === "Primary" || name === "Secondary";
}

/** A skip token that nobody is tempted to read or to compute. */
function encodePosition(position: number): string {
  return Buffer.from(`position ${String(position)}`).toString("base64url");
}

function decodePosition(skipToken: string | null): number {
  const text = Buffer.from(skipToken ?? encodePosition(0), "base64url").toString();
  const position = Number(/^position (\d+)$/.exec(text)?.[1]);
  if (Number.isNaN(position)) {
    throw new Failure(400, "InvalidQueryParameterValue", "The $skiptoken is not valid.");
  }
  return position;
}
