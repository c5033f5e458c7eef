import { randomUUID } from "node:crypto";
import { type SimulatedAccount } from "./account";
import { type AccountStore } from "./accountStore";
import { Failure } from "./failure";
import {
  type Answer,
  connectionReset,
  type Route,
  type RoutedRequest,
  type Service,
} from "./route";
import {
  parseSharedKeyAuthorization,
  type SharedKeyAuthorization,
  signatureMatches,
  stringToSign,
} from "./sharedKey";

interface BatchDataPlaneOptions {
  readonly url: string;
  readonly store: AccountStore;
  readonly now: () => number;
}

/** A request older than this, or as far in the future, is refused. */
const DATE_TOLERANCE_MS = 15 * 60 * 1000;

/**
 * The Batch service of every account: lists that are always empty, for whoever signs with a key
 * of the account. All accounts share one endpoint, so the account is the one that signs.
 */
export function batchDataPlaneRoutes(options: BatchDataPlaneOptions): Route[] {
  const service = batchService(options);
  return ["pools", "applications", "supportedimages", "jobs"].map((collection) => ({
    operation: "dataPlane",
    method: "GET",
    path: `/${collection}`,
    service,
    answer: (request) => answer(options, request, collection),
  }));
}

function batchService({ store, now }: BatchDataPlaneOptions): Service {
  return {
    accountId: (request) => {
      const authorization = parseSharedKeyAuthorization(request.headers.authorization);
      return authorization && store.accountByName(authorization.accountName)?.id;
    },
    headers: () => ({
      "Content-Type": "application/json;odata=minimalmetadata",
      DataServiceVersion: "3.0",
      "request-id": randomUUID(),
      Server: "Microsoft-HTTPAPI/2.0",
      "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    }),
    errorBody: ({ code, message, details: { authenticationErrorDetail } }) => ({
      code,
      message: {
        lang: "en-US",
        value: `${message}\nRequestId:${randomUUID()}\nTime:${new Date(now()).toISOString()}`,
      },
      ...(authenticationErrorDetail !== undefined && {
        values: [{ key: "AuthenticationErrorDetail", value: authenticationErrorDetail }],
      }),
    }),
  };
}

function answer(
  options: BatchDataPlaneOptions,
  request: RoutedRequest,
  collection: string,
): Answer {
  const authorization = parseSharedKeyAuthorization(request.headers.authorization);
  if (!authorization) {
    throw authenticationFailed("The Authorization header is missing or not of the SharedKey form.");
  }
  const account = options.store.accountByName(authorization.accountName);
  if (!account) {
    throw new Failure(404, "AccountNotFound", "The specified account does not exist.");
  }
  if (account.dataPlane === "Unreachable") {
    return connectionReset;
  }
  checkDate(request, options.now());
  checkSignature(account, authorization, request);
  return {
    status: 200,
    body: { "odata.metadata": `${options.url}/$metadata#${collection}`, value: [] },
  };
}

function checkDate({ headers }: RoutedRequest, now: number): void {
  const date = String(headers["ocp-date"] ?? headers.date ?? "");
  const difference = Math.abs(now - Date.parse(date));
  // A date that cannot be read gives NaN, which is not within the tolerance either.
  if (!(difference <= DATE_TOLERANCE_MS)) {
    throw authenticationFailed(`The date of the request is too old or not valid: '${date}'.`);
  }
}

function checkSignature(
  account: SimulatedAccount,
  { accountName, signature }: SharedKeyAuthorization,
  request: RoutedRequest,
): void {
  if (!account.allowsSharedKey) {
    throw authenticationFailed(
      "The specified type of authentication SharedKey is not allowed for this account.",
    );
  }
  const text = stringToSign(accountName, request);
  if (!account.acceptedKeys().some((key) => signatureMatches(signature, key, text))) {
    throw authenticationFailed(
      `The MAC signature found in the HTTP request '${signature}' is not the same as any ` +
        `computed signature. Server used following string to sign: '${text}'.`,
    );
  }
}

function authenticationFailed(authenticationErrorDetail: string): Failure {
  return new Failure(
    403,
    "AuthenticationFailed",
    "Server failed to authenticate the request. Make sure the value of Authorization header is " +
      "formed correctly including the signature.",
    { authenticationErrorDetail },
  );
}
