import type { AccountFacts } from "../arm/batchAccounts";
import type { Cloud } from "../clouds";
import type { Http } from "../http/client";
import { describeFailure, foreignAnswer } from "../http/failures";
import { isJsonObject, jsonIfAny, property } from "../json";
import { redact, redactLine } from "../redact";
import { signGet } from "./sharedKey";

/**
 * What a probe of a key on the Batch data plane found:
 * "Verified", the service took it; "Rejected", the service refused its signature (the only verdict
 * about the key itself); "Unreachable", nothing was found out about the key.
 */
export interface KeyProbe {
  readonly verdict: "Verified" | "Rejected" | "Unreachable";
  /** Why it is not "Verified", in words for a user. */
  readonly reason: string;
}

/** Version of the Batch service API. https://learn.microsoft.com/rest/api/batchservice/pool/list */
const API_VERSION = "2024-07-01.20.0";

/** Asks the account's data plane for at most one pool id, signed with the key. */
export async function probeKey(
  http: Http,
  cloud: Cloud,
  { accountEndpoint, accountName }: AccountFacts,
  key: string,
  now: Date,
): Promise<KeyProbe> {
  const url = dataPlaneUrl(cloud, accountEndpoint);
  if (url === undefined) {
    return unreachable(
      `"${redact(accountEndpoint)}" is not a Batch endpoint of cloud ${cloud.name}`,
    );
  }
  const date = now.toUTCString();
  try {
    const response = await http.send({
      what: `try a key of Batch account "${accountName}"`,
      method: "GET",
      url: url.href,
      headers: { "ocp-date": date, Authorization: signGet(url, date, accountName, key) },
      repeatable: true,
    });
    const { status, bodyAsText } = response;
    const body = jsonIfAny(bodyAsText);
    if (status === 200 && Array.isArray(property(body, "value"))) {
      return { verdict: "Verified", reason: "" };
    }
    if (status === 403 && isJsonObject(body) && /MAC signature/i.test(bodyAsText ?? "")) {
      return { verdict: "Rejected", reason: `${url.host} refused the key's signature` };
    }
    // All else says nothing about the key: not what something between here and the account answers,
    // nor the service's other reasons for a 403 (shared keys switched off, a network rule, a clock).
    if (typeof property(body, "code") !== "string") {
      return unreachable(foreignAnswer(response, `the Batch service (${url.host})`).problem);
    }
    return unreachable(`${url.host} answered ${String(status)}${describeError(body)}`);
  } catch (error) {
    return unreachable(`${url.host} could not be reached: ${describeFailure(error)}`);
  }
}

/** The service's own reason: the detail of a refused credential, else `{ code, message }`. */
function describeError(body: unknown): string {
  const values = property(body, "values");
  const detail = (Array.isArray(values) ? values : [])
    .filter((each) => property(each, "key") === "AuthenticationErrorDetail")
    .map((each) => property(each, "value"))
    .find((value) => typeof value === "string");
  if (detail !== undefined) return `: ${sentence(detail)}`;
  const message = property(body, "message");
  const text = typeof message === "string" ? message : property(message, "value");
  const said = typeof text === "string" ? sentence(text) : "";
  return ` ${sentence(String(property(body, "code")))}${said && `: ${said}`}`;
}

function sentence(text: string): string {
  return redactLine(text).replace(/\.$/, "");
}

function unreachable(reason: string): KeyProbe {
  return { verdict: "Unreachable", reason };
}

/** Signatures go only to a host of the account's own cloud. */
function dataPlaneUrl(cloud: Cloud, accountEndpoint: string): URL | undefined {
  const text = `https://${accountEndpoint}/pools?api-version=${API_VERSION}&maxresults=1&%24select=id`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isHostAlone = url.host === accountEndpoint.toLowerCase() && url.username === "";
  const isInCloud = cloud.batchSuffix === undefined || url.hostname.endsWith(cloud.batchSuffix);
  return isHostAlone && isInCloud ? url : undefined;
}
