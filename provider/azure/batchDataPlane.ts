import type { AccountFacts } from "./batchAccounts";
import type { Cloud } from "./clouds";
import { describeFailure } from "./http/failures";
import type { Http } from "./http/http";
import { jsonIfAny, property } from "./json";
import { redact } from "./redact";
import { signGet } from "./sharedKey";

/**
 * What one try of a key on the Batch data plane told:
 * "Verified", the service took it; "Rejected", the service refused its signature (the only verdict
 * about the key itself); "Unreachable", nothing was learnt about the key.
 */
export interface KeyTrial {
  readonly verdict: "Verified" | "Rejected" | "Unreachable";
  /** Why it is not "Verified", in words for a user. */
  readonly reason: string;
}

/** Version of the Batch service API. https://learn.microsoft.com/rest/api/batchservice/pool/list */
const API_VERSION = "2024-07-01.20.0";

/** Asks the account's data plane for at most one pool id, signed with the key. */
export async function tryKey(
  http: Http,
  cloud: Cloud,
  { accountEndpoint, accountName }: AccountFacts,
  key: string,
  now: Date,
): Promise<KeyTrial> {
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
    if (response.status === 200) return { verdict: "Verified", reason: "" };
    if (response.status === 403 && /MAC signature/i.test(response.bodyAsText ?? "")) {
      return { verdict: "Rejected", reason: `${url.host} refused the key's signature` };
    }
    // The other reasons for a 403 (shared keys switched off, a network rule, a clock that is wrong)
    // say nothing about the key.
    const detail = authenticationErrorDetail(response.bodyAsText);
    return unreachable(`${url.host} answered ${String(response.status)}${detail && `: ${detail}`}`);
  } catch (error) {
    return unreachable(`${url.host} could not be reached: ${describeFailure(error)}`);
  }
}

/** Why the service refused a request's credential, in its own words; "" where it does not say. */
function authenticationErrorDetail(body: string | null | undefined): string {
  const values = property(jsonIfAny(body), "values");
  const detail = (Array.isArray(values) ? values : [])
    .filter((each) => property(each, "key") === "AuthenticationErrorDetail")
    .map((each) => property(each, "value"))
    .find((value) => typeof value === "string");
  return redact(detail ?? "").replace(/\.$/, "");
}

function unreachable(reason: string): KeyTrial {
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
